using System.Formats.Tar;
using System.IO.Compression;
using System.IO.Hashing;
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

    private const int MostOfName = 200;

    private readonly IAsyncEnumerator<Packed> entries = Open(file).GetAsyncEnumerator();
    private int count;
    private string? last;

    /// <summary>What is wrong with the archive, as a sentence without its end; null where it could be read to its end. Known once <see cref="NextAsync"/> has returned null.</summary>
    public string? Damage { get; private set; }

    /// <summary>Whether a name is that of an archive.</summary>
    public static bool Opens(string name) => IsZip(name) || IsTar(name) || IsTarGz(name);

    /// <summary>Unpacks the next entry that is as it was packed, or returns null at the end of what can be read.</summary>
    public async Task<ArchiveEntry?> NextAsync(CancellationToken cancellationToken)
    {
        while (await MoveNextAsync(cancellationToken))
        {
            last = entries.Current.Path;
            if (IsHidden(last))
                continue;
            if (await UnpackAsync(entries.Current, cancellationToken) is { } entry)
                return entry;
            // In a zip, those behind it may be whole.
            Damage ??= $"its entry '{Excerpt(last)}' is not what was packed";
        }
        return null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => entries.DisposeAsync();

    private async Task<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (!await entries.MoveNextAsync())
                return false;
            if (++count <= MaxEntries)
                return true;
            Damage ??= $"it has more than {MaxEntries:N0} entries";
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            Damage ??= last is null ? "it cannot be read at all" : $"it cannot be read behind its entry '{Excerpt(last)}'";
        }
        return false;
    }

    // A tar's names have no limit, and a rejection travels in a message.
    private static string Excerpt(string path) => path.Length <= MostOfName ? path : $"…{path[^MostOfName..]}";

    // What is hidden in a folder is hidden in an archive of it: .DS_Store, and the resource forks (._name) that macOS packs beside each file.
    private static bool IsHidden(string path) => path.Split('/', '\\').Any(part => part == FolderWalk.ResourceForks || (part.StartsWith('.') && part is not ("." or "..")));

    private static async Task<ArchiveEntry?> UnpackAsync(Packed entry, CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(Path.GetTempPath(), $"assay-{Guid.NewGuid():N}");
        try
        {
            await using var stream = await entry.OpenAsync();
            await using var target = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write);
            var sha256 = await CopyAsync(stream, target, entry, cancellationToken);
            return new ArchiveEntry(entry.Path, temporary, target.Length, sha256, entry.LastModified);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            File.Delete(temporary);
            return null;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    // The readers of .NET neither compare a zip's checksums nor mind a tar that ends in the middle of an entry.
    private static async Task<string> CopyAsync(Stream source, FileStream target, Packed entry, CancellationToken cancellationToken)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var crc32 = new Crc32();
        var buffer = new byte[81920];
        int read;
        while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (target.Length + read > MaxEntryBytes)
                throw new InvalidDataException($"An entry of more than {MaxEntryBytes} bytes.");
            sha256.AppendData(buffer, 0, read);
            crc32.Append(buffer.AsSpan(0, read));
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
        if (target.Length != entry.Bytes || (entry.Checksum is { } expected && crc32.GetCurrentHashAsUInt32() != expected))
            throw new InvalidDataException("The entry is not what was packed.");
        return Convert.ToHexStringLower(sha256.GetHashAndReset());
    }

    private static bool IsDamage(Exception exception) => exception is InvalidDataException or EndOfStreamException or FormatException or NotSupportedException;

    private static IAsyncEnumerable<Packed> Open(FileInfo file) => IsZip(file.Name) ? ReadZip(file) : ReadTar(file);

    private static async IAsyncEnumerable<Packed> ReadZip(FileInfo file)
    {
        await using var zip = await ZipFile.OpenReadAsync(file.FullName);
        foreach (var entry in zip.Entries)
        {
            // A folder's name ends with a slash.
            if (!entry.FullName.EndsWith('/'))
                yield return new Packed(entry.FullName, entry.LastWriteTime.UtcDateTime, entry.Length, entry.Crc32, () => entry.OpenAsync());
        }
    }

    private static async IAsyncEnumerable<Packed> ReadTar(FileInfo file)
    {
        await using var stream = file.OpenRead();
        await using var plain = IsTarGz(file.Name) ? new GZipStream(stream, CompressionMode.Decompress) : (Stream)stream;
        await using var tar = new TarReader(plain);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            // Links and devices of an archive lead out of it.
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile)
                yield return new Packed(entry.Name, entry.ModificationTime.UtcDateTime, entry.Length, null, () => Task.FromResult(entry.DataStream ?? Stream.Null));
        }
    }

    private static bool IsZip(string name) => name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);

    private static bool IsTar(string name) => name.EndsWith(".tar", StringComparison.OrdinalIgnoreCase);

    private static bool IsTarGz(string name) =>
        name.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase);

    // An entry as the archive describes it.
    private sealed record Packed(string Path, DateTime LastModified, long Bytes, uint? Checksum, Func<Task<Stream>> OpenAsync);
}
