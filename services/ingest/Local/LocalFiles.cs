using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Assay.Ingest.Local;

/// <summary>Files, folders and archives of this machine, as occurrences. Hidden entries, links, and Assay data folders are passed over.</summary>
/// <param name="landing">The first source names them and says how their paths name users.</param>
public sealed class LocalFiles(LandingZone landing)
{
    /// <summary>The catalog of an Assay data folder, by which such a folder is known.</summary>
    public const string CatalogFile = "catalog.db";

    private readonly LandingSource source = landing.Sources[0];
    private readonly UserPattern? users = landing.Sources[0].KeyPattern is { } pattern ? new UserPattern(pattern) : null;

    /// <summary>The regular files under a path, in the order of their paths. A file is its own list.</summary>
    /// <param name="path">A file or a folder; it exists.</param>
    /// <param name="tell">Is told what is passed over and is not hidden.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    public static IEnumerable<FileInfo> Under(string path, Action<PassedOver> tell, CancellationToken cancellationToken) => new FolderWalk(tell, cancellationToken).Files(path);

    /// <summary>The Assay data folder that a path is in, or is; null for none.</summary>
    public static string? DataFolderOf(string path)
    {
        for (var folder = Path.GetFullPath(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (FolderWalk.IsDataFolder(folder))
                return folder;
        }
        return null;
    }

    /// <summary>
    /// The file as an occurrence; of an archive each entry. An archive that cannot be read to its end is an occurrence itself, after the entries
    /// that could be read: a later stage refuses it, and the ledger shows it.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="root">The path that the user gave; user patterns match what comes below it.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async IAsyncEnumerable<LocalFile> ReadAsync(FileInfo file, string root, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!Archive.Opens(file.Name))
        {
            yield return await DescribeAsync(file, root, null, cancellationToken);
            yield break;
        }
        await using var archive = new Archive(file);
        while (await archive.NextAsync(cancellationToken) is { } entry)
            yield return Describe(file, root, entry);
        if (archive.Damage is { } damage)
            yield return await DescribeAsync(file, root, damage, cancellationToken);
    }

    private async Task<LocalFile> DescribeAsync(FileInfo file, string root, string? damage, CancellationToken cancellationToken)
    {
        await using var stream = file.Open(new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
        var occurrence = new Occurrence(
            source.Name, file.FullName, sha256, file.LastWriteTimeUtc, stream.Length, file.Name, UserOf(file, root), file.LastWriteTimeUtc);
        return new LocalFile(occurrence, file.FullName, temporary: false, damage);
    }

    private LocalFile Describe(FileInfo file, string root, ArchiveEntry entry) => new(
        new Occurrence(
            source.Name, $"{file.FullName}!{entry.Path}", entry.Sha256, entry.LastModified, entry.Bytes, Path.GetFileName(entry.Path),
            users?.UserOf(entry.Path) ?? UserOf(file, root), entry.LastModified, Batch: file.Name),
        entry.Content,
        temporary: true);

    private string? UserOf(FileInfo file, string root) =>
        users?.UserOf(Path.GetRelativePath(Path.GetFullPath(root), file.FullName).Replace(Path.DirectorySeparatorChar, '/'));
}
