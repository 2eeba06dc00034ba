using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Assay.Ingest.Local;

/// <summary>
/// Unpacks a zip, tar or tar.gz one entry at a time, each to a temporary file. Archives are untrusted: entries are counted and measured while
/// they are unpacked, whatever their headers say.
/// </summary>
internal sealed class Archive(FileInfo file) : IAsyncDisposable
{
    /// <summary>The largest entry that is unpacked: 512 MiB, far above any image that a later stage accepts.</summary>
    internal const long MaxEntryBytes = 512L << 20;

    /// <summary>The most entries that are unpacked from one archive.</summary>
    internal const int MaxEntries = 1_000_000;

    private readonly IAsyncEnumerator<(string Path, DateTime LastModified, Stream Content)> entries = Open(file).GetAsyncEnumerator();
    private int count;

    /// <summary>Whether the archive could be read to its end. Known once <see cref="NextAsync"/> has returned null.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Whether a name is that of an archive.</summary>
    public static bool Opens(string name) => IsZip(name) || IsTar(name) || IsTarGz(name);

    /// <summary>Unpacks the next entry, or returns null at the end of what can be read.</summary>
    public async Task<ArchiveEntry?> NextAsync(CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(Path.GetTempPath(), $"assay-{Guid.NewGuid():N}");
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!await entries.MoveNextAsync())
                return null;
            if (++count > MaxEntries)
                throw new InvalidDataException($"More than {MaxEntries} entries.");
            var (path, lastModified, content) = entries.Current;
            await using var stream = content;
            await using var target = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write);
            var sha256 = await CopyAsync(stream, target, cancellationToken);
            return new ArchiveEntry(path, temporary, target.Length, sha256, lastModified);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException or NotSupportedException)
        {
            File.Delete(temporary);
            IsWhole = false;
            return null;
        }
        catch (OperationCanceledException)
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => entries.DisposeAsync();

    private static async Task<string> CopyAsync(Stream source, FileStream target, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[81920];
        int read;
        while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (target.Length + read > MaxEntryBytes)
                throw new InvalidDataException($"An entry of more than {MaxEntryBytes} bytes.");
            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IAsyncEnumerable<(string Path, DateTime LastModified, Stream Content)> Open(FileInfo file) =>
        IsZip(file.Name) ? ReadZip(file) : ReadTar(file);

    private static async IAsyncEnumerable<(string Path, DateTime LastModified, Stream Content)> ReadZip(FileInfo file)
    {
        await using var zip = await ZipFile.OpenReadAsync(file.FullName);
        foreach (var entry in zip.Entries)
        {
            // A folder's name ends with a slash.
            if (!entry.FullName.EndsWith('/'))
                yield return (entry.FullName, entry.LastWriteTime.UtcDateTime, await entry.OpenAsync());
        }
    }

    private static async IAsyncEnumerable<(string Path, DateTime LastModified, Stream Content)> ReadTar(FileInfo file)
    {
        await using var stream = file.OpenRead();
        await using var plain = IsTarGz(file.Name) ? new GZipStream(stream, CompressionMode.Decompress) : (Stream)stream;
        await using var tar = new TarReader(plain);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            // Links and devices of an archive lead out of it.
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile)
                yield return (entry.Name, entry.ModificationTime.UtcDateTime, entry.DataStream ?? Stream.Null);
        }
    }

    private static bool IsZip(string name) => name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);

    private static bool IsTar(string name) => name.EndsWith(".tar", StringComparison.OrdinalIgnoreCase);

    private static bool IsTarGz(string name) =>
        name.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase);
}
