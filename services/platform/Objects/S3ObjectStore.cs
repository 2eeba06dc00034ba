using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Minio;
using Minio.DataModel.Args;
using Minio.Exceptions;

namespace Assay.Platform.Objects;

/// <summary>Objects on an S3 server: MinIO, Ceph, SeaweedFS, Garage, Amazon … Only what all of them have is used.</summary>
/// <param name="client">The configured client; see <see cref="ObjectsRegistration"/>.</param>
public sealed class S3ObjectStore(IMinioClient client) : IObjectStore
{
    private const string MetadataHeader = "x-amz-meta-";
    private static readonly Dictionary<string, string> NoMetadata = [];

    // The client mixes these headers of the answer into the metadata.
    private static readonly string[] StandardHeaders = ["cache-control", "content-disposition", "content-encoding", "content-type", "x-amz-acl"];

    /// <inheritdoc/>
    public async Task<StoredObject?> FindAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        try
        {
            var stat = await client.StatObjectAsync(new StatObjectArgs().WithBucket(bucket).WithObject(key), cancellationToken);
            // Header values are ASCII: whatever else is in them was percent-encoded by whoever wrote them, as it is below.
            var metadata = stat.MetaData.Where(entry => !StandardHeaders.Contains(entry.Key, StringComparer.OrdinalIgnoreCase)).ToDictionary(entry => entry.Key.ToLowerInvariant(), entry => Uri.UnescapeDataString(entry.Value));
            return new StoredObject(bucket, key, stat.Size, stat.ETag.Trim('"'), stat.LastModified.ToUniversalTime(), metadata);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<T> ReadAsync<T>(string bucket, string key, string? version, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var args = new GetObjectArgs().WithBucket(bucket).WithObject(key).WithCallbackStream(async (stream, token) =>
        {
            // The client wraps whatever its callback throws; what the reader threw must come out as it was.
            try
            {
                result = await read(stream, token);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        // Not WithMatchETag: Minio 7.0 forgets it on the way to the request.
        if (version is not null)
            args = args.WithHeaders(new Dictionary<string, string> { ["If-Match"] = $"\"{version}\"" });
        try
        {
            await client.GetObjectAsync(args, cancellationToken);
        }
        catch (ObjectNotFoundException exception)
        {
            throw new ObjectMissingException(bucket, key, version, exception);
        }
        catch (MinioException exception) when (version is not null && exception.Response?.Code == "PreconditionFailed")
        {
            throw new ObjectMissingException(bucket, key, version, exception);
        }
        failure?.Throw();
        return result;
    }

    /// <inheritdoc/>
    public async Task WriteAsync(
        string bucket, string key, Stream content, long bytes, string mediaType, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        var headers = (metadata ?? NoMetadata).ToDictionary(entry => MetadataHeader + entry.Key, entry => Uri.EscapeDataString(entry.Value));
        await using var promised = new PromisedStream(content, bytes);
        var args = new PutObjectArgs().WithBucket(bucket).WithObject(key).WithStreamData(promised).WithObjectSize(bytes).WithContentType(mediaType).WithHeaders(headers);
        await client.PutObjectAsync(args, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task CopyAsync(string fromBucket, string fromKey, string toBucket, string toKey, CancellationToken cancellationToken)
    {
        try
        {
            var source = new CopySourceObjectArgs().WithBucket(fromBucket).WithObject(fromKey);
            await client.CopyObjectAsync(new CopyObjectArgs().WithBucket(toBucket).WithObject(toKey).WithCopyObjectSource(source), cancellationToken);
        }
        catch (ObjectNotFoundException exception)
        {
            throw new ObjectMissingException(fromBucket, fromKey, version: null, exception);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredObject> ListAsync(string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var args = new ListObjectsArgs().WithBucket(bucket).WithPrefix(prefix).WithRecursive(true);
        await foreach (var item in client.ListObjectsEnumAsync(args, cancellationToken).WithCancellation(cancellationToken))
        {
            if (!item.IsDir && item.LastModifiedDateTime is { } modified)
                yield return new StoredObject(bucket, item.Key, (long)item.Size, item.ETag.Trim('"'), modified.ToUniversalTime(), NoMetadata);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> MakeBucketAsync(string bucket, CancellationToken cancellationToken)
    {
        if (await client.BucketExistsAsync(new BucketExistsArgs().WithBucket(bucket), cancellationToken))
            return false;
        await client.MakeBucketAsync(new MakeBucketArgs().WithBucket(bucket), cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken) =>
        client.BucketExistsAsync(new BucketExistsArgs().WithBucket("ping"), cancellationToken);
}
