using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Assay.Contracts;
using CommunityToolkit.HighPerformance;

namespace Assay.Platform.Objects;

/// <summary>Whole objects in memory: for silver, gold and sidecars, and for originals whose size has been checked.</summary>
public static class ObjectTransfers
{
    private const int KiB = 1024, OriginalsKiB = 64 * KiB, LargeKiB = 16 * KiB;

    // For the whole process, whatever the number of stages and consumers in it. First come, first served.
    private static readonly ConcurrencyLimiter Originals = new(new()
    {
        PermitLimit = OriginalsKiB,
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>
    /// Reads an original whole and works on it. At most 64 MiB of originals are in memory at one time (a larger one is there alone); others wait for their turn.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="reference">The original.</param>
    /// <param name="work">What is done with the bytes; they must not be kept.</param>
    /// <param name="cancellationToken">Stops waiting, the transfer and the work.</param>
    /// <exception cref="ObjectMissingException">There is no such object.</exception>
    /// <exception cref="InvalidDataException">The bytes are not those that the reference promises: the layer is damaged.</exception>
    public static async Task<T> UseOriginalAsync<T>(
        this IObjectStore store, ObjectReference reference, Func<byte[], CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var size = (int)Math.Min(reference.Bytes / KiB, OriginalsKiB);
        using var room = await Originals.AcquireAsync(size, cancellationToken);
        try
        {
            return await work(await store.ReadAllAsync(reference, cancellationToken), cancellationToken);
        }
        finally
        {
            if (size >= LargeKiB)
                await ForgetAsync();
        }
    }

    // The garbage collector comes late to arrays of this size, and knows nothing of the pixels beside them: two dead originals of 57 MiB stood in a worker of
    // 512 MiB while the next was decoded. Before the room is given back, so that whoever waits for it finds it empty.
    private static async Task ForgetAsync()
    {
        // Whoever has worked on the original has returned by then, and holds it no more.
        await Task.Yield();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    /// <summary>Reads an object whole.</summary>
    /// <param name="store">The store.</param>
    /// <param name="reference">The object. Its size says how much memory this takes.</param>
    /// <param name="cancellationToken">Stops the transfer.</param>
    /// <exception cref="ObjectMissingException">There is no such object.</exception>
    /// <exception cref="InvalidDataException">The bytes are not those that the reference promises: the layer is damaged.</exception>
    public static Task<byte[]> ReadAllAsync(this IObjectStore store, ObjectReference reference, CancellationToken cancellationToken) =>
        store.ReadAsync(reference.Bucket, reference.Key, version: null, async (stream, token) =>
        {
            var bytes = new byte[reference.Bytes];
            var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, token);
            if (read != bytes.Length || Convert.ToHexStringLower(SHA256.HashData(bytes)) != reference.Sha256)
                throw new InvalidDataException($"{reference.Bucket}/{reference.Key} does not have the bytes that the catalog says ({reference.Bytes} bytes, SHA-256 {reference.Sha256}).");
            return bytes;
        }, cancellationToken);

    /// <summary>Reads an object of unknown size, up to a limit.</summary>
    /// <exception cref="ObjectMissingException">There is no such object.</exception>
    /// <exception cref="InvalidDataException">It is larger than the limit.</exception>
    public static Task<byte[]> ReadUpToAsync(this IObjectStore store, string bucket, string key, int limit, CancellationToken cancellationToken) =>
        store.ReadAsync(bucket, key, version: null, async (stream, token) =>
        {
            using var buffer = new MemoryStream();
            var chunk = new byte[81920];
            int read;
            while ((read = await stream.ReadAsync(chunk, token)) > 0)
            {
                if (buffer.Length + read > limit)
                    throw new InvalidDataException($"{bucket}/{key} is larger than {limit} bytes.");
                buffer.Write(chunk, 0, read);
            }
            return buffer.ToArray();
        }, cancellationToken);

    /// <summary>Copies an object inside the store. Returns whether it was there.</summary>
    public static async Task<bool> TryCopyAsync(this IObjectStore store, ObjectReference from, ObjectReference to, CancellationToken cancellationToken)
    {
        try
        {
            await store.CopyAsync(from.Bucket, from.Key, to.Bucket, to.Key, cancellationToken);
            return true;
        }
        catch (ObjectMissingException)
        {
            return false;
        }
    }

    /// <summary>Writes bytes to a layer and returns the reference to them.</summary>
    public static async Task<ObjectReference> WriteAllAsync(
        this IObjectStore store, string layer, string bucket, string key, ReadOnlyMemory<byte> bytes, string mediaType, CancellationToken cancellationToken)
    {
        using var stream = bytes.AsStream();
        await store.WriteAsync(bucket, key, stream, bytes.Length, mediaType, metadata: null, cancellationToken);
        return new ObjectReference(layer, bucket, key, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes.Span)));
    }
}
