using static Assay.Preprocess.Formats.FileKind;

namespace Assay.Preprocess.Formats;

/// <summary>The kinds that fixed bytes at a fixed place give away.</summary>
internal static class Signatures
{
    private sealed record Signature(int Offset, byte[] Bytes, FileKind Kind);

    // The first that matches wins: longer signatures stand before the shorter ones they begin with.
    private static readonly Signature[] Table =
    [
        Hex(0, "FFD8FF", Readable(ImageFormat.Jpeg, "a JPEG image", "image/jpeg")),
        Hex(0, "89504E470D0A1A0A", Readable(ImageFormat.Png, "a PNG image", "image/png")),
        Text(0, "GIF87a", Readable(ImageFormat.Gif, "a GIF image", "image/gif")),
        Text(0, "GIF89a", Readable(ImageFormat.Gif, "a GIF image", "image/gif")),
        Hex(0, "0000000C4A584C200D0A870A", Readable(ImageFormat.JpegXl, "a JPEG XL image", "image/jxl")),
        Hex(0, "FF0A", Readable(ImageFormat.JpegXl, "a JPEG XL image", "image/jxl")),
        Hex(0, "0000000C6A5020200D0A870A", Readable(ImageFormat.Jp2, "a JPEG 2000 image", "image/jp2")),
        Hex(0, "FF4FFF51", Readable(ImageFormat.J2k, "a JPEG 2000 codestream", "image/j2c")),

        Text(0, "8BPS", OtherImage("a Photoshop document", "image/vnd.adobe.photoshop")),
        Text(0, "DDS ", OtherImage("a DirectDraw surface", "image/vnd-ms.dds")),
        Text(0, "icns", OtherImage("a macOS icon", "image/icns")),
        Text(0, "qoif", OtherImage("a QOI image", "image/qoi")),
        Text(0, "gimp xcf", OtherImage("a GIMP document", "image/x-xcf")),
        Text(0, "#?RADIANCE", OtherImage("a Radiance HDR image", "image/vnd.radiance")),
        Text(0, "SIMPLE  =", OtherImage("a FITS image", "image/fits")),
        Text(0, "FUJIFILMCCD-RAW", OtherImage("a camera raw file (Fujifilm RAF)", "image/x-fuji-raf")),
        Text(0, "FOVb", OtherImage("a camera raw file (Sigma X3F)", "image/x-sigma-x3f")),
        Text(0, "AT&TFORM", OtherImage("a DjVu document", "image/vnd.djvu")),
        Text(0, "BLP1", OtherImage("a Blizzard texture", "image/x-blp")),
        Text(0, "BLP2", OtherImage("a Blizzard texture", "image/x-blp")),
        Text(0, "FORM", OtherImage("an IFF picture", "image/x-iff")),
        Hex(0, "762F3101", OtherImage("an OpenEXR image", "image/x-exr")),
        Hex(0, "4949BC", OtherImage("a JPEG XR image", "image/jxr")),
        Hex(0, "D7CDC69A", OtherImage("a Windows metafile", "image/wmf")),
        Text(40, " EMF", OtherImage("an enhanced Windows metafile", "image/emf")),
        Hex(0, "59A66A95", OtherImage("a Sun raster image", "image/x-sun-raster")),
        Hex(4, "11AF", OtherImage("an FLI animation", "video/x-fli")),
        Hex(4, "12AF", OtherImage("an FLC animation", "video/x-flc")),
        Hex(0, "00000100", OtherImage("a Windows icon", "image/vnd.microsoft.icon")),
        Hex(0, "00000200", OtherImage("a Windows cursor", "image/vnd.microsoft.icon")),
        Hex(0, "C5D0D3C6", OtherImage("an EPS drawing", "application/postscript")),
        Text(0, "%!PS", OtherImage("a PostScript or EPS drawing", "application/postscript")),
        Text(0, "%PDF-", OtherImage("a PDF document", "application/pdf")),
        .. "123456".Select(digit => Text(0, $"P{digit}\n", Netpbm)),
        .. "123456".Select(digit => Text(0, $"P{digit} ", Netpbm)),
        Text(0, "P7\n", Netpbm),

        Hex(0, "1A45DFA3", NoImage("a Matroska or WebM video", "video/webm")),
        Text(0, "FLV", NoImage("a Flash video", "video/x-flv")),
        Hex(0, "000001BA", NoImage("an MPEG video", "video/mpeg")),
        Hex(0, "000001B3", NoImage("an MPEG video", "video/mpeg")),
        Text(0, "OggS", NoImage("an Ogg sound or video", "application/ogg")),
        Text(0, "fLaC", NoImage("a FLAC sound", "audio/flac")),
        Text(0, "ID3", NoImage("an MP3 sound", "audio/mpeg")),
        Hex(0, "504B0304", NoImage("a ZIP archive or an office document", "application/zip")),
        Hex(0, "504B0506", NoImage("an empty ZIP archive", "application/zip")),
        Hex(0, "1F8B", NoImage("a gzip archive or a compressed SVG drawing", "application/gzip")),
        Text(0, "BZh", NoImage("a bzip2 archive", "application/x-bzip2")),
        Hex(0, "FD377A585A00", NoImage("an xz archive", "application/x-xz")),
        Hex(0, "28B52FFD", NoImage("a Zstandard archive", "application/zstd")),
        Hex(0, "377ABCAF271C", NoImage("a 7-Zip archive", "application/x-7z-compressed")),
        Text(0, "Rar!", NoImage("a RAR archive", "application/vnd.rar")),
        Text(257, "ustar", NoImage("a tar archive", "application/x-tar")),
        Hex(0, "D0CF11E0A1B11AE1", NoImage("an old office document", "application/x-ole-storage")),
        Hex(0, "7F454C46", NoImage("a Linux program", "application/x-executable")),
        Text(0, "MZ", NoImage("a Windows program", "application/vnd.microsoft.portable-executable")),
        Text(0, "SQLite format 3", NoImage("an SQLite database", "application/vnd.sqlite3")),
    ];

    private static FileKind Netpbm => OtherImage("a Netpbm image", "image/x-portable-anymap");

    public static FileKind? Match(ReadOnlySpan<byte> file)
    {
        foreach (var (offset, bytes, kind) in Table)
        {
            if (file.Length >= offset + bytes.Length && file[offset..].StartsWith(bytes))
                return kind;
        }
        return null;
    }

    private static Signature Hex(int offset, string hex, FileKind kind) => new(offset, Convert.FromHexString(hex), kind);

    private static Signature Text(int offset, string text, FileKind kind) => new(offset, System.Text.Encoding.Latin1.GetBytes(text), kind);
}
