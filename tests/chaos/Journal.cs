using System.Text.Json;

namespace Assay.Chaos;

/// <summary>A line of the journal.</summary>
/// <param name="Time">When. UTC.</param>
/// <param name="Event"><c>attempt</c>, <c>accepted</c>, <c>refused</c> or <c>fault</c>.</param>
/// <param name="Name">The upload's name, or what was done to whom.</param>
/// <param name="Key">The landing object's key, where the upload was accepted.</param>
internal sealed record Entry(DateTime Time, string Event, string Name, string? Key = null);

/// <summary>What was uploaded and what was answered, in a file outside the system: a line is on disk before the next thing happens.</summary>
internal sealed class Journal(string path) : IDisposable
{
    public const string Attempt = "attempt", Accepted = "accepted", Refused = "refused", Fault = "fault";

    private readonly StreamWriter file = new(path, append: false);
    private readonly Lock gate = new();

    /// <summary>Where it is.</summary>
    public string Path => path;

    public void Write(string what, string name, string? key = null)
    {
        lock (gate)
        {
            file.WriteLine(JsonSerializer.Serialize(new Entry(DateTime.UtcNow, what, name, key)));
            file.Flush();
        }
    }

    /// <summary>All lines so far, as they are on disk.</summary>
    public IReadOnlyList<Entry> Read() => [.. ReadLines().Select(line => JsonSerializer.Deserialize<Entry>(line)!)];

    private IEnumerable<string> ReadLines()
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    public void Dispose() => file.Dispose();
}
