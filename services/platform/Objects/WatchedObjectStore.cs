using System.Diagnostics;
using Assay.Platform.Hosting;

namespace Assay.Platform.Objects;

/// <summary>Another store, each of whose reads, writes and copies is a span, and whose bytes are counted by layer.</summary>
/// <param name="store">The other one.</param>
/// <param name="layers">Which bucket is which layer. Any other is <c>landing</c>: keys there are strangers' and are not told.</param>
internal sealed class WatchedObjectStore(IObjectStore store, ObjectsOptions layers) : IObjectStore
{
    private readonly Dictionary<string, string> layerOf = Layer.All.Append(Layer.Models).ToDictionary(layers.BucketOf);

    /// <inheritdoc/>
    public Task<StoredObject?> FindAsync(string bucket, string key, CancellationToken cancellationToken) =>
        WatchAsync("object find", bucket, _ => store.FindAsync(bucket, key, cancellationToken));

    /// <inheritdoc/>
    public Task<T> ReadAsync<T>(string bucket, string key, string? version, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        WatchAsync("object read", bucket, span => store.ReadAsync(bucket, key, version, async (stream, token) =>
        {
            await using var counted = new CountedStream(stream);
            try
            {
                return await read(counted, token);
            }
            finally
            {
                Meters.CountRead(LayerOf(bucket), counted.Count);
                span?.SetTag("assay.object.bytes", counted.Count);
            }
        }, cancellationToken));

    /// <inheritdoc/>
    public Task WriteAsync(
        string bucket, string key, Stream content, long bytes, string mediaType, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken) =>
        WatchAsync("object write", bucket, async span =>
        {
            await store.WriteAsync(bucket, key, content, bytes, mediaType, metadata, cancellationToken);
            Meters.CountWritten(LayerOf(bucket), bytes);
            span?.SetTag("assay.object.bytes", bytes);
            return true;
        });

    /// <inheritdoc/>
    public Task CopyAsync(string fromBucket, string fromKey, string toBucket, string toKey, CancellationToken cancellationToken) =>
        WatchAsync("object copy", toBucket, async _ =>
        {
            await store.CopyAsync(fromBucket, fromKey, toBucket, toKey, cancellationToken);
            return true;
        });

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredObject> ListAsync(string bucket, string prefix, CancellationToken cancellationToken) => store.ListAsync(bucket, prefix, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> MakeBucketAsync(string bucket, CancellationToken cancellationToken) => store.MakeBucketAsync(bucket, cancellationToken);

    /// <inheritdoc/>
    public Task PingAsync(string bucket, CancellationToken cancellationToken) => store.PingAsync(bucket, cancellationToken);

    private async Task<T> WatchAsync<T>(string name, string bucket, Func<Activity?, Task<T>> work)
    {
        using var span = Spans.Start(name, ActivityKind.Client);
        span?.SetTag("assay.object.layer", LayerOf(bucket));
        try
        {
            return await work(span);
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            throw;
        }
    }

    private string LayerOf(string bucket) => layerOf.GetValueOrDefault(bucket, "landing");
}
