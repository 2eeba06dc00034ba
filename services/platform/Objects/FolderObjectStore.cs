using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Assay.Platform.Objects;

/// <summary>
/// Objects as files: <c>root/bucket/key</c>, metadata beside the buckets under <c>root/.metadata</c>. A write goes to a temporary file that is
/// flushed to disk and renamed. Keys are the relative paths of the files: no empty or dot-only part, no part over 255 bytes.
/// </summary>
/// <param name="root">The folder; it is made if it is not there.</param>
public sealed class FolderObjectStore(string root) : IObjectStore
{
    private const string MetadataFolder = ".metadata";
    private const string TemporaryFolder = ".writing";
    private static readonly Dictionary<string, string> NoMetadata = [];
    private readonly string root = Path.GetFullPath(root);

    /// <inheritdoc/>
    public async Task<StoredObject?> FindAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        var file = new FileInfo(PathOf(bucket, key));
        return file.Exists ? Describe(bucket, key, file, await ReadMetadataAsync(bucket, key, cancellationToken)) : null;
    }

    /// <inheritdoc/>
    public async Task<T> ReadAsync<T>(string bucket, string key, string? version, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var stream = Open(bucket, key, version);
        // The open file itself is asked for its version: what the path leads to may be another one by now.
        if (version is not null && VersionOf(stream.Length, File.GetLastWriteTimeUtc(stream.SafeFileHandle)) != version)
            throw new ObjectMissingException(bucket, key, version);
        return await read(stream, cancellationToken);
    }

    private FileStream Open(string bucket, string key, string? version)
    {
        try
        {
            return new FileStream(PathOf(bucket, key), new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ObjectMissingException(bucket, key, version, exception);
        }
    }

    /// <inheritdoc/>
    public async Task WriteAsync(
        string bucket, string key, Stream content, long bytes, string mediaType, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        var path = PathOf(bucket, key);
        RequireBucket(bucket);
        var metadataPath = Path.Combine([root, MetadataFolder, bucket, .. key.Split('/')]);
        // All bytes first, so that a write that fails changes nothing; then metadata, so that a new object is never seen without.
        var written = await SpoolAsync(path, content, bytes, cancellationToken);
        try
        {
            if (metadata is { Count: > 0 })
            {
                using var json = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(metadata));
                Publish(await SpoolAsync(metadataPath, json, json.Length, cancellationToken), metadataPath);
            }
            else if (File.Exists(metadataPath))
            {
                File.Delete(metadataPath);
            }
            Publish(written, path);
        }
        finally
        {
            File.Delete(written);
        }
    }

    /// <inheritdoc/>
    public async Task CopyAsync(string fromBucket, string fromKey, string toBucket, string toKey, CancellationToken cancellationToken)
    {
        var source = await FindAsync(fromBucket, fromKey, cancellationToken) ?? throw new ObjectMissingException(fromBucket, fromKey);
        await ReadAsync(fromBucket, fromKey, source.Version, async (stream, token) =>
        {
            await WriteAsync(toBucket, toKey, stream, source.Bytes, mediaType: "", source.Metadata, token);
            return true;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredObject> ListAsync(string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folder = PathOf(bucket);
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var key = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
            if (key.StartsWith(prefix, StringComparison.Ordinal))
                yield return Describe(bucket, key, new FileInfo(path), NoMetadata);
        }
        await Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> MakeBucketAsync(string bucket, CancellationToken cancellationToken)
    {
        var folder = PathOf(bucket);
        var isNew = !Directory.Exists(folder);
        Directory.CreateDirectory(folder);
        return Task.FromResult(isNew);
    }

    /// <inheritdoc/>
    public Task PingAsync(string bucket, CancellationToken cancellationToken) =>
        Directory.Exists(PathOf(bucket)) ? Task.CompletedTask : throw new DirectoryNotFoundException($"The object folder {PathOf(bucket)} is not there.");

    private string PathOf(string bucket, string key)
    {
        var parts = key.Split('/');
        if (parts.Any(part => part is "" or "." or ".." || part.Contains('\0')))
            throw new ArgumentException($"'{key}' cannot be a file's path: every part between slashes must be a name.", nameof(key));
        return Path.Combine([PathOf(bucket), .. parts]);
    }

    // A leading dot is what keeps the store's own folders apart from buckets.
    private string PathOf(string bucket) =>
        bucket.Length == 0 || bucket[0] == '.' || bucket.AsSpan().ContainsAny('/', '\\', '\0')
            ? throw new ArgumentException($"'{bucket}' cannot be a bucket: its name is a folder's and begins with no dot.", nameof(bucket))
            : Path.Combine(root, bucket);

    private void RequireBucket(string bucket)
    {
        if (!Directory.Exists(PathOf(bucket)))
            throw new DirectoryNotFoundException($"There is no bucket {bucket} in {root}.");
    }

    private async Task<string> SpoolAsync(string path, Stream content, long length, CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(root, TemporaryFolder, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Path.GetDirectoryName(temporary)!);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            await using var file = new FileStream(
                temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous });
            await content.CopyToAsync(file, cancellationToken);
            if (file.Length != length)
                throw new EndOfStreamException($"{path} was to have {length} bytes, and {file.Length} came.");
            file.Flush(flushToDisk: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
        return temporary;
    }

    private static void Publish(string temporary, string path)
    {
        // The kernel's own times are milliseconds apart: two versions could have the same.
        File.SetLastWriteTimeUtc(temporary, DateTime.UtcNow);
        File.Move(temporary, path, overwrite: true);
    }

    private async Task<IReadOnlyDictionary<string, string>> ReadMetadataAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        var path = Path.Combine([root, MetadataFolder, bucket, .. key.Split('/')]);
        try
        {
            await using var stream = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync<Dictionary<string, string>>(stream, cancellationToken: cancellationToken) ?? NoMetadata;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return NoMetadata;
        }
    }

    private static StoredObject Describe(string bucket, string key, FileInfo file, IReadOnlyDictionary<string, string> metadata) =>
        new(bucket, key, file.Length, VersionOf(file.Length, file.LastWriteTimeUtc), file.LastWriteTimeUtc, metadata);

    private static string VersionOf(long bytes, DateTime lastWrite) => $"{bytes:x}-{lastWrite.Ticks:x}";
}
