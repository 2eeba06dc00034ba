using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NetVips;

namespace Assay.Preprocess;

/// <summary>Identity of decoded pixels: see <see cref="SilverImage.PixelSha256"/>.</summary>
internal static class PixelHash
{
    private const int Chunk = 64 * 1024;

    /// <param name="pixels">8-bit, three bands, in memory.</param>
    public static string Of(Image pixels)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> size = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(size, pixels.Width);
        BinaryPrimitives.WriteInt32LittleEndian(size[4..], pixels.Height);
        hash.AppendData(size);

        // In libvips' own memory and through a borrowed buffer: a managed array of this size would go to the large object heap for every image.
        var memory = pixels.WriteToMemory(out var length);
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            for (var at = 0; at < (int)length; at += Chunk)
            {
                var count = Math.Min(Chunk, (int)length - at);
                Marshal.Copy(memory + at, buffer, 0, count);
                hash.AppendData(buffer, 0, count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            NetVips.NetVips.Free(memory);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
