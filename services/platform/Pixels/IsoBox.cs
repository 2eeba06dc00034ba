using System.Buffers.Binary;

namespace Assay.Platform.Pixels;

/// <summary>The boxes that AVIF, HEIC, JPEG 2000 and JPEG XL files are made of (ISO/IEC 14496-12, 4.2).</summary>
public static class IsoBox
{
    /// <summary>What begins every box: its size in 32 bits and its type. Where the size is 1, a size in 64 bits follows.</summary>
    public const int ShortHeader = 8, LongHeader = 16;

    /// <summary>The size that the first box declares for itself, its header included; 0 where it goes on to the end of the file.</summary>
    /// <param name="boxes">At least <see cref="ShortHeader"/> bytes.</param>
    /// <param name="header">How long its header is.</param>
    public static ulong DeclaredSize(ReadOnlySpan<byte> boxes, out int header)
    {
        header = ShortHeader;
        ulong size = BinaryPrimitives.ReadUInt32BigEndian(boxes);
        if (size != 1 || boxes.Length < LongHeader)
            return size;
        header = LongHeader;
        return BinaryPrimitives.ReadUInt64BigEndian(boxes[ShortHeader..]);
    }
}
