using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Assay.Tests.Preprocess;

/// <summary>Chunks of a PNG.</summary>
internal static class PngChunk
{
    /// <summary>A compressed text of so many letters.</summary>
    public static byte[] PackedText(int length)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Optimal))
            stream.Write(Enumerable.Repeat((byte)'A', length).ToArray());
        return Of([.. "zTXtComment\0\0"u8, .. packed.ToArray()]);
    }

    /// <summary>A chunk: length, type and data, checksum.</summary>
    public static byte[] Of(byte[] typeAndData)
    {
        var (length, checksum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, typeAndData.Length - 4);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32.HashToUInt32(typeAndData));
        return [.. length, .. typeAndData, .. checksum];
    }
}
