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
        var file = new FileInfo(PathOf(bucket, key));
        if (!file.Exists || (version is not null && VersionOf(file) != version))
            throw new ObjectMissingException(bucket, key, version);
        await using var stream = file.Open(new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        return await read(stream, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task WriteAsync(
        string bucket, string key, Stream content, long bytes, string mediaType, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        var path = PathOf(bucket, key);
        RequireBucket(bucket);
        // Metadata first: the rename of the object itself is what makes both visible.
        var metadataPath = PathOf(Path.Combine(MetadataFolder, bucket), key);
        if (metadata is { Count: > 0 })
            await ReplaceAsync(metadataPath, new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(metadata)), length: null, cancellationToken);
        else if (File.Exists(metadataPath))
            File.Delete(metadataPath);
        await ReplaceAsync(path, content, bytes, cancellationToken);
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
        var folder = Path.Combine(root, bucket);
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
        var folder = Path.Combine(root, bucket);
        var isNew = !Directory.Exists(folder);
        Directory.CreateDirectory(folder);
        return Task.FromResult(isNew);
    }

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken) =>
        Directory.Exists(root) ? Task.CompletedTask : throw new DirectoryNotFoundException($"The object folder {root} is not there.");

    private string PathOf(string bucket, string key)
    {
        var parts = key.Split('/');
        if (parts.Any(part => part is "" or "." or ".." || part.Contains('\0')))
            throw new ArgumentException($"'{key}' cannot be a file's path: every part between slashes must be a name.", nameof(key));
        return Path.Combine([root, bucket, .. parts]);
    }

    private void RequireBucket(string bucket)
    {
        if (!Directory.Exists(Path.Combine(root, bucket)))
            throw new DirectoryNotFoundException($"There is no bucket {bucket} in {root}.");
    }

    private async Task ReplaceAsync(string path, Stream content, long? length, CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(root, TemporaryFolder, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Path.GetDirectoryName(temporary)!);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            await using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous }))
            {
                await content.CopyToAsync(file, cancellationToken);
                if (length is not null && file.Length != length)
                    throw new EndOfStreamException($"{path} was to have {length} bytes, and {file.Length} came.");
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private async Task<IReadOnlyDictionary<string, string>> ReadMetadataAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        var path = PathOf(Path.Combine(MetadataFolder, bucket), key);
        if (!File.Exists(path))
            return NoMetadata;
        await using var stream = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync<Dictionary<string, string>>(stream, cancellationToken: cancellationToken) ?? NoMetadata;
    }

    private static StoredObject Describe(string bucket, string key, FileInfo file, IReadOnlyDictionary<string, string> metadata) =>
        new(bucket, key, file.Length, VersionOf(file), file.LastWriteTimeUtc, metadata);

    private static string VersionOf(FileInfo file) => $"{file.Length:x}-{file.LastWriteTimeUtc.Ticks:x}";
}
