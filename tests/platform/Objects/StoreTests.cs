using Assay.Platform.Objects;
using Xunit;

namespace Assay.Tests.Platform.Objects;

/// <summary>What the object store suites have in common: a store, and a bucket of the test's own.</summary>
public abstract class StoreTests : IAsyncLifetime
{
    /// <summary>More than one part of an S3 upload, and more than any buffer.</summary>
    protected const int Large = (16 << 20) + 4321;

    protected abstract IObjectStore Store { get; }

    protected string Bucket { get; } = Servers.NewName();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await Store.MakeBucketAsync(Bucket, Token);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Bytes that look like no others: the same seed gives the same ones.</summary>
    protected static byte[] Bytes(int count, int seed = 1)
    {
        var bytes = new byte[count];
#pragma warning disable CA5394 // Reproducible bytes, not secret ones.
        new Random(seed).NextBytes(bytes);
#pragma warning restore CA5394
        return bytes;
    }

    protected Task WriteAsync(string key, byte[] bytes, IReadOnlyDictionary<string, string>? metadata = null) =>
        Store.WriteAsync(Bucket, key, new ForwardOnly(bytes), bytes.Length, "application/octet-stream", metadata, Token);

    protected Task<byte[]> ReadAsync(string key, string? version = null) => Store.ReadAsync(Bucket, key, version, ReadToEndAsync, Token);

    protected async Task<StoredObject> FindAsync(string key) =>
        await Store.FindAsync(Bucket, key, Token) ?? throw new InvalidOperationException($"{key} is not there.");

    protected static async Task<byte[]> ReadToEndAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, cancellationToken);
        return all.ToArray();
    }
}
