using System.Buffers.Binary;
using System.Text;

namespace Assay.Preprocess.Formats;

/// <summary>AVIF, HEIC, MP4 and their relatives share one container; the brands in its first box tell them apart (ISO/IEC 14496-12, section 4.3).</summary>
internal static class IsoMedia
{
    private const int MaxBrands = 32;
    private static readonly string[] HevcBrands = ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"];

    public static FileKind? Match(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || !file[4..].StartsWith("ftyp"u8))
            return null;
        var brands = Brands(file);
        if (brands.Contains("avif") || brands.Contains("avis"))
            return FileKind.Readable(ImageFormat.Avif, "an AVIF image", "image/avif");
        if (brands.Exists(HevcBrands.Contains))
            return FileKind.Readable(ImageFormat.Heic, "a HEIC image", "image/heic");
        if (brands.Contains("crx "))
            return FileKind.OtherImage("a camera raw file (Canon CR3)", "image/x-canon-cr3");
        if (brands.Contains("mif1") || brands.Contains("msf1"))
            return FileKind.Readable(ImageFormat.Heic, "a HEIF image", "image/heif");
        return brands[0] == "qt  "
            ? FileKind.NoImage("a QuickTime video", "video/quicktime")
            : FileKind.NoImage("an MP4 video or sound", "video/mp4");
    }

    // The major brand, then (after a version of four bytes) the compatible ones up to the end of the box.
    private static List<string> Brands(ReadOnlySpan<byte> file)
    {
        var boxSize = BinaryPrimitives.ReadUInt32BigEndian(file);
        var end = (int)Math.Min(Math.Min(boxSize, (uint)file.Length), 16 + (4 * MaxBrands));
        var brands = new List<string> { Encoding.Latin1.GetString(file[8..12]) };
        for (var at = 16; at + 4 <= end; at += 4)
            brands.Add(Encoding.Latin1.GetString(file.Slice(at, 4)));
        return brands;
    }
}
