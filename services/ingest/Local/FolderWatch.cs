using System.Runtime.CompilerServices;

namespace Assay.Ingest.Local;

/// <summary>
/// Looks at folders again and again and gives out each file once it is complete: its size and time have not changed between two looks.
/// Looking, not being notified: that also works on network shares, and misses nothing that came while nobody watched.
/// </summary>
/// <param name="paths">Files and folders.</param>
/// <param name="pause">Between two looks; a writer that pauses for longer gives its file away early, and its next look again as a new version.</param>
/// <param name="clock">The clock.</param>
/// <param name="tell">Is told, once, what is passed over and is not hidden.</param>
public sealed class FolderWatch(IReadOnlyList<string> paths, TimeSpan pause, TimeProvider clock, Action<PassedOver> tell)
{
    private readonly Dictionary<string, (long Length, DateTime LastWrite, bool Given)> seen = [];
    private readonly HashSet<PassedOver> told = [];

    /// <summary>Complete files, with the path they were found under, until cancelled.</summary>
    public async IAsyncEnumerable<(FileInfo File, string Root)> FilesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var present = new HashSet<string>();
            foreach (var root in paths.Where(Path.Exists))
            {
                foreach (var file in LocalFiles.Under(root, TellOnce, cancellationToken))
                {
                    present.Add(file.FullName);
                    if (IsComplete(file))
                        yield return (file, root);
                }
            }
            foreach (var gone in seen.Keys.Except(present).ToList())
                seen.Remove(gone);
            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    private void TellOnce(PassedOver entry)
    {
        if (told.Add(entry))
            tell(entry);
    }

    private bool IsComplete(FileInfo file)
    {
        file.Refresh();
        if (!file.Exists)
            return false;
        var isKnown = seen.TryGetValue(file.FullName, out var before) && before.Length == file.Length && before.LastWrite == file.LastWriteTimeUtc;
        var give = isKnown && !before.Given;
        seen[file.FullName] = (file.Length, file.LastWriteTimeUtc, isKnown);
        return give;
    }
}
