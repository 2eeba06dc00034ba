using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Assay.Tests.Preprocess;

/// <summary>Text chunks of a PNG.</summary>
internal static class PngText
{
    /// <summary>A compressed text of so many letters.</summary>
    public static byte[] Packed(int length)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Optimal))
            stream.Write(Enumerable.Repeat((byte)'A', length).ToArray());
        return Chunk([.. "zTXtComment\0\0"u8, .. packed.ToArray()]);
    }

    // Length, type and data, checksum.
    private static byte[] Chunk(byte[] typeAndData)
    {
        var (length, checksum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, typeAndData.Length - 4);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32.HashToUInt32(typeAndData));
        return [.. length, .. typeAndData, .. checksum];
    }
}
