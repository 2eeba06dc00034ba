using System.Globalization;

namespace Assay.Chaos;

/// <summary>One row of the report.</summary>
/// <param name="Scenario">What was done, in a few words.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Audit">What became of everything.</param>
/// <param name="Faults">What was broken, and how often.</param>
/// <param name="ToQuiet">From the last fault lifted, or the last upload, to all ended and queues empty; null where that was not waited for.</param>
/// <param name="Notes">What else was measured.</param>
/// <param name="Broken">Expectations of this scenario that did not hold, besides those of the audit.</param>
internal sealed record Result(string Scenario, int Seed, Audit Audit, string Faults, TimeSpan? ToQuiet, string Notes, IReadOnlyList<string> Broken)
{
    public static readonly string[] Columns =
    [
        "scenario", "seed", "attempted", "accepted", "landed unanswered", "classified", "rejected", "lost", "duplicated", "unexpected", "layers that differ", "ledger", "recovered", "time to quiet",
        "faults", "measured besides", "holds",
    ];

    public bool Holds => Audit.Holds && Broken.Count == 0;

    public string ToMarkdown() => string.Create(CultureInfo.InvariantCulture,
        $"| {Scenario} | {Seed} | {Audit.Attempted} | {Audit.Accepted} | {Audit.Landed} | {Audit.Classified} | {Audit.Rejected} | {Audit.Lost} | {Audit.Duplicated} | {Audit.Unexpected} | {Audit.Different} | {(Audit.Balanced ? "balanced" : "NOT balanced")} | {Audit.Recovered} | {(ToQuiet is { } quiet ? $"{quiet.TotalSeconds:0} s" : "not waited for")} | {Faults} | {Notes} | {(Holds ? "yes" : "NO")} |");

    /// <summary>What is wrong, at most so many sentences.</summary>
    public IEnumerable<string> Complaints(int most) => Broken.Concat(Audit.Faults).Take(most);
}
