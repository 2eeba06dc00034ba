using System.Buffers.Binary;

namespace Assay.Preprocess.Formats;

/// <summary>BMP: a file header of 14 bytes, then one whose size tells its version (Microsoft's BITMAPINFOHEADER, IBM's OS/2 relatives).</summary>
internal static class Bitmap
{
    private const int HeaderSizeAt = 14, CompressionAt = 30, Os2Version2 = 64, Uncompressed = 0;

    public static FileKind? Match(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith("BM"u8))
            return null;
        // ImageMagick takes the palette's entries for three bytes each where they have four, and says nothing.
        return Number(file, HeaderSizeAt) == Os2Version2
            ? FileKind.OtherImage("a bitmap of OS/2 version 2", "image/bmp")
            : FileKind.Readable(ImageFormat.Bmp, "a BMP image", "image/bmp");
    }

    /// <summary>
    /// A pixel's fourth byte, if it has one, is not used (BITMAPINFOHEADER, biBitCount 32 with BI_RGB). Many programs leave something there, which ImageMagick
    /// takes for transparency.
    /// </summary>
    public static bool HasSpareByte(ReadOnlySpan<byte> file) => Number(file, CompressionAt) == Uncompressed;

    private static int? Number(ReadOnlySpan<byte> file, int at) => file.Length < at + 4 ? null : BinaryPrimitives.ReadInt32LittleEndian(file[at..]);
}
