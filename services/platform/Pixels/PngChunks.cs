using System.Buffers.Binary;

namespace Assay.Platform.Pixels;

/// <summary>
/// The chunks of a PNG file. MetadataExtractor 2.4 has a reader too, but it allocates whatever length a chunk claims, up to 2 GB; and libvips unpacks
/// every text, so that a file of 2 MB can make it allocate 2 GB.
/// </summary>
public static class PngChunks
{
    // Enough for any text worth keeping. What is packed grows a thousandfold at most: to 64 megabytes in all.
    private const int MaxTexts = 64, MaxPackedBytes = 1024;

    // Length, type, checksum.
    private const int Frame = 12;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The data of the first chunk of this type; empty when there is none or the bytes are no PNG.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> png, ReadOnlySpan<byte> type)
    {
        if (!png.StartsWith(Signature))
            return [];
        for (var at = Signature.Length; First(png[at..]) is { IsEmpty: false } chunk; at += chunk.Length)
        {
            if (TypeOf(chunk).SequenceEqual(type))
                return DataOf(chunk);
        }
        return [];
    }

    /// <summary>The file without compressed texts of more than 1,024 bytes, and without any text beyond the 64th; nearly every file has neither and is returned as it is.</summary>
    public static byte[] WithoutTextBombs(byte[] png)
    {
        ArgumentNullException.ThrowIfNull(png);
        if (!png.AsSpan().StartsWith(Signature))
            return png;
        using var kept = new MemoryStream();
        var (texts, from) = (0, 0);
        for (var at = Signature.Length; First(png.AsSpan(at)) is { IsEmpty: false } chunk; at += chunk.Length)
        {
            if (!IsText(chunk) || (++texts <= MaxTexts && (chunk.Length <= MaxPackedBytes || !IsPacked(chunk))))
                continue;
            kept.Write(png, from, at - from);
            from = at + chunk.Length;
        }
        if (from == 0)
            return png;
        kept.Write(png, from, png.Length - from);
        return kept.ToArray();
    }

    private static bool IsText(ReadOnlySpan<byte> chunk) =>
        TypeOf(chunk).SequenceEqual("tEXt"u8) || TypeOf(chunk).SequenceEqual("zTXt"u8) || TypeOf(chunk).SequenceEqual("iTXt"u8);

    // iTXt: keyword, zero, 1 for compressed.
    private static bool IsPacked(ReadOnlySpan<byte> chunk) =>
        TypeOf(chunk).SequenceEqual("zTXt"u8)
        || (TypeOf(chunk).SequenceEqual("iTXt"u8) && DataOf(chunk) is var data && data.IndexOf((byte)0) is var end && end >= 0 && end + 1 < data.Length && data[end + 1] != 0);

    private static ReadOnlySpan<byte> TypeOf(ReadOnlySpan<byte> chunk) => chunk.Slice(4, 4);

    private static ReadOnlySpan<byte> DataOf(ReadOnlySpan<byte> chunk) => chunk[8..^4];

    // Empty at the end, and where the file is cut off.
    private static ReadOnlySpan<byte> First(ReadOnlySpan<byte> chunks) =>
        chunks.Length >= Frame && BinaryPrimitives.ReadUInt32BigEndian(chunks) is var length && length <= chunks.Length - Frame ? chunks[..(int)(length + Frame)] : [];
}
