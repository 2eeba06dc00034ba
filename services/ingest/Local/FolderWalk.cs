using System.Formats.Tar;
using Assay.Platform.Objects;

namespace Assay.Ingest.Local;

/// <summary>Finds the regular files under a path, in the order of their paths. Nothing it meets ends it: what is not taken is told, but for hidden entries.</summary>
/// <param name="tell">Is told what is passed over.</param>
/// <param name="cancellationToken">Stops it between two folders.</param>
internal sealed class FolderWalk(Action<PassedOver> tell, CancellationToken cancellationToken)
{
    /// <summary>Where macOS keeps resource forks in archives, and on disks that have no place of their own for them.</summary>
    internal const string ResourceForks = "__MACOSX";

    // .NET puts this where a name's bytes are not UTF-8; such a name no longer leads to its file.
    private const char Unreadable = '\uFFFD';

    private static readonly EnumerationOptions Visible = new() { AttributesToSkip = FileAttributes.Hidden | FileAttributes.System, IgnoreInaccessible = false };

    /// <summary>The files under a path. A file is its own list, even if it is hidden or a link: somebody named it.</summary>
    /// <param name="path">A file or a folder; it exists.</param>
    public IEnumerable<FileInfo> Files(string path)
    {
        if (Directory.Exists(path))
            return Files(new DirectoryInfo(path));
        var file = new FileInfo(path);
        return CanTake(file, () => Target(file) is { Exists: true } target && IsRegular(target)) ? [file] : [];
    }

    /// <summary>Whether a folder is where Assay keeps what it has taken in: nothing in it is new to Assay.</summary>
    public static bool IsDataFolder(string path) => File.Exists(Path.Combine(path, LocalFiles.CatalogFile)) && Directory.Exists(Path.Combine(path, Layer.Bronze));

    private IEnumerable<FileInfo> Files(DirectoryInfo folder)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsDataFolder(folder.FullName))
        {
            tell(new PassedOver(folder.FullName, "is an Assay data folder", IsFailure: false));
            yield break;
        }
        foreach (var entry in List(folder))
        {
            if (entry is DirectoryInfo below)
            {
                foreach (var file in Files(below))
                    yield return file;
            }
            else if (entry is FileInfo file && CanTake(file, () => IsRegular(file)))
            {
                yield return file;
            }
        }
    }

    // A folder sorts as the paths of its files do.
    private List<FileSystemInfo> List(DirectoryInfo folder)
    {
        try
        {
            return [.. folder.EnumerateFileSystemInfos("*", Visible)
                .Where(entry => entry.Name != ResourceForks && CanName(entry) && !IsLink(entry))
                .OrderBy(entry => entry is DirectoryInfo ? entry.Name + '/' : entry.Name, StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TellFailure(folder, exception);
            return [];
        }
    }

    private bool CanName(FileSystemInfo entry)
    {
        if (!entry.Name.Contains(Unreadable) || Path.Exists(entry.FullName))
            return true;
        tell(new PassedOver(entry.FullName, "cannot be read: its name is not UTF-8; rename it", IsFailure: true));
        return false;
    }

    // A link leads anywhere, also to what its maker could not read and this process can; a linked folder may lead back to where it is.
    private bool IsLink(FileSystemInfo entry)
    {
        if (!entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
            return false;
        tell(new PassedOver(entry.FullName, "is a link", IsFailure: false));
        return true;
    }

    private bool CanTake(FileInfo file, Func<bool> isRegular)
    {
        try
        {
            if (isRegular())
                return true;
            tell(new PassedOver(file.FullName, "is not a regular file", IsFailure: true));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TellFailure(file, exception);
        }
        return false;
    }

    private void TellFailure(FileSystemInfo entry, Exception exception)
    {
        entry.Refresh();
        if (exception is UnauthorizedAccessException)
            tell(new PassedOver(entry.FullName, "cannot be read: permission denied", IsFailure: true));
        else if (entry.Exists)
            tell(new PassedOver(entry.FullName, $"cannot be read: {exception.Message}", IsFailure: true));
        // Otherwise somebody has deleted it since it was listed.
    }

    private static FileInfo Target(FileInfo file) => (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;

    // Of all that has no size only a regular file can be read to an end: a pipe waits for ever. .NET says which is which only where it packs files.
    private static bool IsRegular(FileInfo file)
    {
        if (file.Length > 0)
            return true;
        using var packed = new MemoryStream();
        try
        {
            using var tar = new TarWriter(packed, leaveOpen: true);
            tar.WriteEntry(file.FullName, file.Name);
        }
        catch (IOException) when (File.Exists(file.FullName))
        {
            // A socket has no place in a tar.
            return false;
        }
        packed.Position = 0;
        using var reader = new TarReader(packed);
        return reader.GetNextEntry()?.EntryType is TarEntryType.RegularFile;
    }
}
