using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;

namespace Assay.Platform.Objects;

/// <summary>Objects on an S3 server: MinIO, Ceph, SeaweedFS, Garage, Amazon … Only what all of them have is used.</summary>
/// <param name="client">The configured client; see <see cref="ObjectsRegistration"/>.</param>
/// <param name="patience">How long an object's bytes may take to come, and a second more for each megabyte.</param>
public sealed class S3ObjectStore(IAmazonS3 client, TimeSpan patience) : IObjectStore
{
    private const string MetadataHeader = "x-amz-meta-";
    private static readonly Dictionary<string, string> NoMetadata = [];

    /// <inheritdoc/>
    public async Task<StoredObject?> FindAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        try
        {
            var head = await client.GetObjectMetadataAsync(bucket, key, cancellationToken);
            // Strangers choose the names: of two that differ only in case the last one counts.
            var metadata = new Dictionary<string, string>();
            foreach (var name in head.Metadata.Keys)
            {
                var ownName = name.StartsWith(MetadataHeader, StringComparison.OrdinalIgnoreCase) ? name[MetadataHeader.Length..] : name;
                // Header values are ASCII: whatever else is in them was percent-encoded by whoever wrote them, as it is below.
                metadata[ownName.ToLowerInvariant()] = Uri.UnescapeDataString(head.Metadata[name]);
            }
            return new StoredObject(bucket, key, head.ContentLength, Version(head.ETag), Utc(head.LastModified), metadata, head.Headers.ContentType);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<T> ReadAsync<T>(string bucket, string key, string? version, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = bucket, Key = key, EtagToMatch = version is null ? null : $"\"{version}\"" };
        using var response = await OrMissing(client.GetObjectAsync(request, cancellationToken), bucket, key, version);
        var allowed = PatienceHandler.For(patience, response.ContentLength);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(allowed);
        try
        {
            return await read(response.ResponseStream, deadline.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested && deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"{bucket}/{key} did not come within {allowed.TotalSeconds:0} seconds.", exception);
        }
    }

    /// <inheritdoc/>
    public async Task WriteAsync(
        string bucket, string key, Stream content, long bytes, string mediaType, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        await using var promised = new PromisedStream(content, bytes);
        var request = new PutObjectRequest
        {
            BucketName = bucket,
            Key = key,
            // Not every server takes nothing in chunks.
            InputStream = bytes > 0 ? promised : Stream.Null,
            UseChunkEncoding = bytes > 0,
            AutoCloseStream = false,
            ContentType = mediaType,
        };
        request.Headers.ContentLength = bytes;
        foreach (var (name, value) in metadata ?? NoMetadata)
            request.Metadata[name] = Uri.EscapeDataString(value);
        try
        {
            await client.PutObjectAsync(request, cancellationToken);
        }
        catch (Exception) when (promised.Failure is not null)
        {
            // What the connection says then is only the consequence.
            throw promised.Failure;
        }
    }

    /// <inheritdoc/>
    public async Task CopyAsync(string fromBucket, string fromKey, string toBucket, string toKey, CancellationToken cancellationToken) =>
        await OrMissing(client.CopyObjectAsync(fromBucket, fromKey, toBucket, toKey, cancellationToken), fromBucket, fromKey, version: null);

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredObject> ListAsync(string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A key may hold what XML cannot, which would make the whole page unreadable. A server that encodes keys says so; the client decodes nothing.
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix, Encoding = EncodingType.Url };
        await foreach (var page in client.Paginators.ListObjectsV2(request).Responses.WithCancellation(cancellationToken))
        {
            foreach (var item in page.S3Objects ?? [])
            {
                var key = page.Encoding == EncodingType.Url ? WebUtility.UrlDecode(item.Key) : item.Key;
                yield return new StoredObject(bucket, key, item.Size ?? 0, Version(item.ETag), Utc(item.LastModified), NoMetadata);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<bool> MakeBucketAsync(string bucket, CancellationToken cancellationToken)
    {
        try
        {
            await client.HeadBucketAsync(new HeadBucketRequest { BucketName = bucket }, cancellationToken);
            return false;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            await client.PutBucketAsync(bucket, cancellationToken);
            return true;
        }
    }

    /// <inheritdoc/>
    public async Task PingAsync(string bucket, CancellationToken cancellationToken)
    {
        try
        {
            // No HEAD: a refusal of that has no code, and a wrong secret looks like a key that may not list.
            await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, MaxKeys = 1, Encoding = EncodingType.Url }, cancellationToken);
        }
        catch (AmazonS3Exception exception) when (exception.ErrorCode == "AccessDenied")
        {
            // The key is known: reading and writing may be all that it is for.
        }
    }

    private static async Task<T> OrMissing<T>(Task<T> answer, string bucket, string key, string? version)
    {
        try
        {
            return await answer;
        }
        catch (AmazonS3Exception exception) when (exception.ErrorCode == "NoSuchKey" || exception.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            throw new ObjectMissingException(bucket, key, version, exception);
        }
    }

    private static string Version(string etag) => etag.Trim('"');

    private static DateTime Utc(DateTime? time) => time?.ToUniversalTime() ?? DateTime.UnixEpoch;
}
