using System.Buffers.Binary;

namespace Assay.Enrich;

/// <summary>Finds a chunk of a PNG file. MetadataExtractor 2.4 has a reader too, but it allocates whatever length a chunk claims, up to 2 GB.</summary>
internal static class PngChunks
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The data of the first chunk of this type; empty when there is none or the bytes are no PNG.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> png, ReadOnlySpan<byte> type)
    {
        if (!png.StartsWith(Signature))
            return [];
        // A chunk: length, type, data, checksum.
        for (var rest = png[Signature.Length..]; rest.Length >= 12;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - 12)
                return [];
            if (rest.Slice(4, 4).SequenceEqual(type))
                return rest.Slice(8, (int)length);
            rest = rest[((int)length + 12)..];
        }
        return [];
    }
}
