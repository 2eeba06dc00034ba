using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Assay.Platform.Catalog;

/// <summary>
/// Ids that everyone who sees the same thing computes alike: a UUID of version 8 (RFC 9562, section 5.8) whose first 48 bits are a time
/// in Unix milliseconds, so that ids sort by time as version 7 does, and whose other 74 free bits are a SHA-256 of what it names.
/// </summary>
public static class ImageIdentity
{
    /// <summary>The id of one occurrence of an image.</summary>
    /// <param name="source">The configured source.</param>
    /// <param name="path">The landing object's key or the file's path.</param>
    /// <param name="version">Its etag or version.</param>
    /// <param name="lastModified">
    /// When it was last modified, UTC. Cut to whole seconds, because a HEAD answers only those while a listing has milliseconds.
    /// </param>
    public static Guid Of(string source, string path, string version, DateTime lastModified) =>
        Create(new DateTimeOffset(lastModified, TimeSpan.Zero).ToUnixTimeSeconds() * 1000, [source, path, version]);

    /// <summary>An id for something that belongs to an image: the image's time, and a hash of the parts.</summary>
    public static Guid Derive(Guid imageId, params ReadOnlySpan<string> parts)
    {
        Span<byte> bytes = stackalloc byte[16];
        imageId.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
        return Create(milliseconds, [imageId.ToString("N"), .. parts]);
    }

    /// <summary>The UTC day an id begins with, as <c>yyyy/MM/dd</c>: the first part of its object keys.</summary>
    public static string DayOf(Guid id) => TimeOf(id).ToString("yyyy'/'MM'/'dd", null);

    /// <summary>The time an id begins with: when the image landed, in whole seconds. UTC.</summary>
    public static DateTimeOffset TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16);
    }

    private static Guid Create(long milliseconds, ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            // The length goes in first: ("a", "bc") and ("ab", "c") must differ.
            BinaryPrimitives.WriteInt32BigEndian(length, Encoding.UTF8.GetByteCount(part));
            hash.AppendData(length);
            hash.AppendData(Encoding.UTF8.GetBytes(part));
        }
        Span<byte> bytes = stackalloc byte[32];
        hash.GetHashAndReset(bytes);
        var id = bytes[..16];
        var clamped = Math.Clamp(milliseconds, 0, (1L << 48) - 1);
        for (var i = 0; i < 6; i++)
            id[i] = (byte)(clamped >> (40 - 8 * i));
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
