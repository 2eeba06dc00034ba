using System.Security.Cryptography;
using System.Text;

namespace Assay.Trainer.Pictures;

/// <summary>
/// Pictures in folders: <c>train/{label}/*</c> and <c>validation/{label}/*</c>, and optionally <c>SOURCES.tsv</c> with the columns <c>file</c>, <c>repo</c>
/// and <c>licence</c>, and perhaps <c>path</c> and <c>commit</c>, which says where each file comes from.
/// </summary>
internal sealed class PictureFolder
{
    private readonly string folder;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<string, (string Source, string Licence, string Path)> sources = [];

    /// <exception cref="TrainerException">The folder has no <c>train</c>, or SOURCES.tsv lacks a column.</exception>
    public PictureFolder(string folder)
    {
        this.folder = folder;
        if (!Directory.Exists(Path.Combine(folder, "train")))
            throw new TrainerException($"{folder} has no folder \"train\" with one folder of pictures per label.");
        Labels = [.. Directory.GetDirectories(Path.Combine(folder, "train")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        if (Labels.Count < 2)
            throw new TrainerException($"{folder}/train has {Labels.Count} folders of pictures; a classifier needs at least two labels.");
        var table = Path.Combine(folder, "SOURCES.tsv");
        if (File.Exists(table))
            ReadSources(File.ReadAllLines(table));
    }

    /// <summary>The folder names, in order.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Source, licence and number of files of everything that SOURCES.tsv names.</summary>
    public IEnumerable<(string Source, string Licence, int Count)> Sources =>
        sources.Values.GroupBy(source => (source.Source, source.Licence)).Select(group => (group.Key.Source, group.Key.Licence, group.Count())).OrderBy(source => source.Source, StringComparer.Ordinal);

    /// <summary>Lower-case hex SHA-256 of all pictures that have been read, in order: of each its name (<c>train/chart/a.png</c>), a line feed, and the 32 bytes of its own SHA-256.</summary>
    public string Sha256 => Convert.ToHexStringLower(hash.GetCurrentHash());

    /// <summary>All pictures of <c>train</c> or <c>validation</c>, in the order of their names.</summary>
    public async Task<List<LabelledPicture>> ReadAsync(string part, CancellationToken ct)
    {
        var pictures = new List<LabelledPicture>();
        foreach (var label in Labels)
        {
            var directory = Path.Combine(folder, part, label);
            if (!Directory.Exists(directory))
                continue;
            foreach (var path in Directory.GetFiles(directory).Order(StringComparer.Ordinal))
            {
                var name = $"{part}/{label}/{Path.GetFileName(path)}";
                var (source, _, origin) = sources.TryGetValue(name, out var known) ? known : ("folder", "", name);
                var bytes = await File.ReadAllBytesAsync(path, ct);
                hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n"));
                hash.AppendData(SHA256.HashData(bytes));
                pictures.Add(new(label, source, bytes, origin));
            }
        }
        return pictures;
    }

    private void ReadSources(string[] lines)
    {
        var header = lines[0].Split('\t');
        int Column(string name) => Array.IndexOf(header, name) is var index and >= 0 ? index : throw new TrainerException($"SOURCES.tsv has no column \"{name}\".");
        var (file, source, licence) = (Column("file"), Column("repo"), Column("licence"));
        var (path, commit) = (Array.IndexOf(header, "path"), Array.IndexOf(header, "commit"));
        foreach (var cells in lines.Skip(1).Select(line => line.Split('\t')).Where(cells => cells.Length > Math.Max(licence, Math.Max(path, commit))))
            sources[cells[file]] = (cells[source], cells[licence], path < 0 ? cells[file] : commit < 0 ? cells[path] : $"{cells[path]} at {cells[commit][..Math.Min(8, cells[commit].Length)]}");
    }
}
