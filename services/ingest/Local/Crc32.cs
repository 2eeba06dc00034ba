namespace Assay.Ingest.Local;

/// <summary>The checksum that a zip has of each entry (CRC-32 of IEEE 802.3).</summary>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(static value =>
    {
        var remainder = (uint)value;
        for (var bit = 0; bit < 8; bit++)
            remainder = (remainder >> 1) ^ ((remainder & 1) * 0xEDB88320);
        return remainder;
    })];

    /// <summary>The checksum of what had <paramref name="checksum"/> so far (nothing: 0) and is followed by <paramref name="bytes"/>.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var remainder = ~checksum;
        foreach (var value in bytes)
            remainder = (remainder >> 8) ^ Table[(byte)(remainder ^ value)];
        return ~remainder;
    }
}
