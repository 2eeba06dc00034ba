using System.Buffers.Binary;
using Assay.Platform.Pixels;
using Assay.Preprocess.Formats;

namespace Assay.Preprocess.Decoding;

/// <summary>Whether a file's own end mark, or the length it declares, is missing. Asked only once decoding has failed: many whole pictures lack theirs.</summary>
internal static class FileEnd
{
    private static ReadOnlySpan<byte> EndOfImage => [0xFF, 0xD9];

    private static ReadOnlySpan<byte> StartOfScan => [0xFF, 0xDA];

    public static bool IsMissing(ReadOnlySpan<byte> file, ImageFormat format) => format switch
    {
        // A scan begins with FFDA and the picture ends with FFD9; neither can occur inside a scan. An embedded thumbnail has its own, further in front.
        ImageFormat.Jpeg => file.LastIndexOf(EndOfImage) < Math.Max(0, file.LastIndexOf(StartOfScan)),
        ImageFormat.Png => file.LastIndexOf("IEND"u8) < 0,
        ImageFormat.Gif => file.TrimEnd((byte)0).LastIndexOf((byte)0x3B) != file.TrimEnd((byte)0).Length - 1,
        ImageFormat.Webp => file.Length < 12 || BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) + 8L > file.Length,
        ImageFormat.Bmp => file.Length < 14 || BinaryPrimitives.ReadUInt32LittleEndian(file[2..]) > file.Length,
        ImageFormat.J2k => file.LastIndexOf(EndOfImage) < 0,
        ImageFormat.Tiff or ImageFormat.UncommonTiff => PixelsAreBeyondEnd(file),
        ImageFormat.Avif or ImageFormat.Heic or ImageFormat.Jp2 => LastBoxIsCut(file),
        ImageFormat.JpegXl => file.StartsWith("\0\0\0\x0C"u8) && LastBoxIsCut(file),
        _ => false,
    };

    private static bool PixelsAreBeyondEnd(ReadOnlySpan<byte> file)
    {
        var directory = new TiffDirectory(file);
        return directory.IsMissing
            || directory.EndOfData(TiffTag.StripOffsets, TiffTag.StripByteCounts) > file.Length
            || directory.EndOfData(TiffTag.TileOffsets, TiffTag.TileByteCounts) > file.Length;
    }

    private static bool LastBoxIsCut(ReadOnlySpan<byte> file)
    {
        while (file.Length >= IsoBox.ShortHeader)
        {
            var size = IsoBox.DeclaredSize(file, out _);
            if (size == 0)
                return false;
            if (size > (ulong)file.Length)
                return true;
            if (size < IsoBox.ShortHeader)
                return false;
            file = file[(int)size..];
        }
        return file.Length > 0;
    }
}
