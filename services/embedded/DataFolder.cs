using System.CommandLine;
using Assay.Ingest.Local;
using Assay.Platform.Hosting;
using Assay.Platform.Objects;

namespace Assay.Embedded;

/// <summary>The folder of the embedded form: the layers' buckets as folders, and the catalog.</summary>
internal sealed class DataFolder
{
    private const string LockFile = ".lock";
    private readonly string path;

    private DataFolder(string path) => this.path = path;

    /// <summary>The option that names it.</summary>
    public static Option<string> Option { get; } = new("--data")
    {
        Description = "The folder that holds everything Assay keeps.",
        DefaultValueFactory = _ => "./assay-data",
        HelpName = "DIR",
        Validators = { result => { if (result.Tokens is [{ Value: "" }]) result.AddError("--data '' names no folder."); } },
    };

    /// <summary>The catalog's file.</summary>
    public string Catalog => CatalogIn(path);

    /// <summary>Where the catalog of a data folder is.</summary>
    public static string CatalogIn(string folder) => Path.Combine(folder, LocalFiles.CatalogFile);

    /// <summary>The folder as the user wrote it.</summary>
    public override string ToString() => path;

    /// <summary>Where an object's file is, from the user's own point of view; null for none.</summary>
    public string? FileOf(string? bucket, string? key) => key is null ? null : Path.Combine(path, bucket!, key);

    /// <summary>Whether this is the folder.</summary>
    public bool Is(string other) => Path.GetFullPath(other) == Path.GetFullPath(path);

    /// <summary>Whether a path leads into a folder, or to it.</summary>
    public static bool Holds(string folder, string other)
    {
        var way = Path.GetRelativePath(folder, other);
        return way != ".." && !way.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal) && !Path.IsPathRooted(way);
    }

    /// <summary>The folder, made if it is not there.</summary>
    /// <exception cref="SettingsException">It cannot be made, or has lost its catalog.</exception>
    public static DataFolder Make(string path)
    {
        RequireNoFile(path);
        RequireCatalogOfLayers(path);
        try
        {
            Directory.CreateDirectory(path);
            return new DataFolder(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"--data {path} cannot be made: {exception.Message}", exception);
        }
    }

    /// <summary>A folder that an earlier run has made.</summary>
    /// <exception cref="SettingsException">It is not there.</exception>
    public static DataFolder Existing(string path)
    {
        RequireNoFile(path);
        RequireCatalogOfLayers(path);
        return File.Exists(CatalogIn(path)) ? new DataFolder(path) : throw new SettingsException($"There is no catalog in '{path}'; 'assay run PATH' makes one.");
    }

    /// <summary>Makes sure that nothing stands where folders belong.</summary>
    /// <exception cref="SettingsException">A file does.</exception>
    public void RequireFolders(IEnumerable<string> names)
    {
        if (names.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists) is { } file)
            throw new SettingsException($"{file} is a file where Assay keeps a folder: move it away, or name another folder with --data.");
    }

    /// <summary>Keeps every other run away from the folder until disposed, or until the process ends in any way.</summary>
    /// <exception cref="SettingsException">Another run has it.</exception>
    public IDisposable Lock()
    {
        try
        {
            return new FileStream(Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            throw new SettingsException($"--data {path} is in use by another run. Wait for its end, or name another folder.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"--data {path} cannot be written: {exception.Message}", exception);
        }
    }

    // EWOULDBLOCK of Linux and of macOS, and what Windows calls a sharing violation.
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);

    // The catalog is made before the first original is written: a new one would know nothing of what is there.
    private static void RequireCatalogOfLayers(string path)
    {
        var bronze = Path.Combine(path, Layer.Bronze);
        if (!File.Exists(CatalogIn(path)) && Directory.Exists(bronze) && Directory.EnumerateFileSystemEntries(bronze).Any())
            throw new SettingsException($"--data {path} has lost its catalog: the layers are there. Restore {CatalogIn(path)} from a backup, or name another folder.");
    }

    private static void RequireNoFile(string path)
    {
        if (File.Exists(path))
            throw new SettingsException($"--data {path} is a file, not a folder.");
    }
}
