using System.Globalization;
using Spectre.Console;

namespace Assay.Embedded.Verify;

/// <summary>What <c>assay verify</c> shows: findings by kind with examples, or every finding as a line of JSON.</summary>
/// <param name="json">Whether findings are lines of JSON.</param>
/// <param name="grace">What was written within this time is not judged.</param>
internal sealed class VerifyOutput(bool json, TimeSpan grace)
{
    private const int MostExamples = 20;

    private readonly Dictionary<(string Kind, string Layer), Group> groups = [];
    private long images;
    private long objects;
    private long read;
    private long leftOut;

    /// <summary>How many findings are left.</summary>
    public long Left => groups.Values.Sum(group => group.Count - group.Mended);

    /// <summary>Counts an image that is looked at.</summary>
    public void Look(int itsObjects, bool isRead)
    {
        images++;
        objects += itsObjects;
        read += isRead ? itsObjects : 0;
    }

    /// <summary>Counts an object that is too young to be judged.</summary>
    public void LeaveOut(bool wasToBeRead)
    {
        Interlocked.Increment(ref leftOut);
        if (wasToBeRead)
            Interlocked.Decrement(ref read);
    }

    /// <summary>Takes a finding.</summary>
    public void Add(Finding finding)
    {
        if (json)
            Console.Out.WriteLine(finding.ToJson());
        if (!groups.TryGetValue((finding.Kind, finding.Layer), out var group))
            groups[(finding.Kind, finding.Layer)] = group = new Group();
        group.Add(finding);
    }

    /// <summary>Prints the groups, and what it all comes to.</summary>
    public void Summarise()
    {
        if (!json && groups.Count > 0)
            Print(Terminal.Open(Console.Out));
        var found = groups.Values.Sum(group => group.Count);
        var mended = groups.Values.Sum(group => group.Mended);
        (json ? Console.Error : Console.Out).WriteLine(
            $"{Count(images, "image")} with {Count(objects, "object")}, of which {Count(read)} {(read == 1 ? "was" : "were")} read: "
            + (found > 0 ? $"{Count(found, "finding")}, {Count(mended)} mended." : leftOut > 0 ? "nothing found." : "layers and catalog agree.")
            + (leftOut > 0 ? $" {Count(leftOut, "object")} written within the last {Count((long)grace.TotalMinutes, "minute")} {(leftOut == 1 ? "was" : "were")} not judged; --grace 0 judges all." : ""));
        if (Left > 0)
            Terminal.WriteError("Layers and catalog do not agree: docs/operations.md says what each finding means and what to do.");
    }

    private void Print(IAnsiConsole console)
    {
        var counts = new Table().Border(TableBorder.Rounded).AddColumns("Finding", "Layer", "Found", "Mended");
        counts.Columns[2].RightAligned();
        counts.Columns[3].RightAligned();
        foreach (var ((kind, layer), group) in groups)
            counts.AddRow(kind, layer, Count(group.Count), Count(group.Mended));
        console.Write(counts);
        // Lines and no table: a path must not be broken in two.
        foreach (var ((kind, layer), group) in groups)
        {
            Console.WriteLine($"{kind}, {layer}:");
            foreach (var finding in group.Examples)
                Console.WriteLine(Terminal.Printable($"  {finding.Object ?? finding.ImageId.ToString()}  {finding.Detail}{(finding.Mended ? " Mended." : "")}"));
            if (group.Count > group.Examples.Count)
                Console.WriteLine($"  and {Count(group.Count - group.Examples.Count)} more: --json prints all.");
        }
    }

    private static string Count(long count, string what) => $"{Count(count)} {what}{(count == 1 ? "" : "s")}";

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private sealed class Group
    {
        public List<Finding> Examples { get; } = [];

        public long Count { get; private set; }

        public long Mended { get; private set; }

        public void Add(Finding finding)
        {
            Count++;
            Mended += finding.Mended ? 1 : 0;
            if (Examples.Count < MostExamples)
                Examples.Add(finding);
        }
    }
}
