namespace Assay.Platform.Objects;

/// <summary>
/// Buckets of objects: an S3 server, or a folder. Writes are atomic (a reader sees the old object or the new one, never half of one) and durable
/// when they return. Anything but a missing object means that the store cannot answer now, and comes as the client's own exception.
/// </summary>
public interface IObjectStore
{
    /// <summary>What the store knows about an object, or null where there is none.</summary>
    Task<StoredObject?> FindAsync(string bucket, string key, CancellationToken cancellationToken);

    /// <summary>Hands an object's bytes to <paramref name="read"/> as they arrive, and returns what that makes of them.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="version">If not null, only this version will do: any other is treated as missing.</param>
    /// <param name="read">Reads the stream; it is closed afterwards.</param>
    /// <param name="cancellationToken">Stops the transfer.</param>
    /// <exception cref="ObjectMissingException">There is no such object, or it is not that version any more.</exception>
    Task<T> ReadAsync<T>(string bucket, string key, string? version, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken);

    /// <summary>Writes an object, in place of any that is there.</summary>
    /// <param name="bucket">The bucket; it exists.</param>
    /// <param name="key">The key.</param>
    /// <param name="content">The bytes, read once from where the stream stands.</param>
    /// <param name="bytes">How many there are.</param>
    /// <param name="mediaType">What they are.</param>
    /// <param name="metadata">Names of lower-case letters, digits and hyphens, values of any text but an empty one; null for none.</param>
    /// <param name="cancellationToken">Stops the transfer; the object is then as it was.</param>
    /// <exception cref="EndOfStreamException">The stream has fewer bytes than said.</exception>
    Task WriteAsync(
        string bucket, string key, Stream content, long bytes, string mediaType, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken);

    /// <summary>Copies an object inside the store, metadata included.</summary>
    /// <exception cref="ObjectMissingException">There is no such object.</exception>
    Task CopyAsync(string fromBucket, string fromKey, string toBucket, string toKey, CancellationToken cancellationToken);

    /// <summary>All objects whose keys begin with <paramref name="prefix"/>, a page at a time, without their metadata.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string bucket, string prefix, CancellationToken cancellationToken);

    /// <summary>Makes a bucket. Returns whether it was not there yet.</summary>
    Task<bool> MakeBucketAsync(string bucket, CancellationToken cancellationToken);

    /// <summary>
    /// Asks for a bucket: returns normally if it is there and the store knows who asks, even where that one may not list it. Otherwise the client's own exception says what is wrong.
    /// </summary>
    Task PingAsync(string bucket, CancellationToken cancellationToken);
}
