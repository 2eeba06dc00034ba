using System.Globalization;
using System.Reflection;
using System.Text;
using Assay.Benchmarks;

namespace Assay.Chaos;

/// <summary>The report in Markdown.</summary>
internal static class ChaosReport
{
    /// <summary>What every report begins with, whichever runs stand in it.</summary>
    public static string Preamble { get; } = $"""
        # Reliability, measured

        Written by the chaos harness (`tests/chaos`): each run has added its section. Run its command again and compare; other seeds must hold as well.

        The real services run as processes under a supervisor that starts again what has ended; each reaches RabbitMQ, PostgreSQL and S3 through a proxy of its own, which
        refuses, resets, delays or swallows. Kills are SIGKILL by process id. A journal of every upload lies outside the system. About three files in a hundred are
        empty, text or cut off, and must be rejected for that reason; all others must be classified. The steward is more impatient than by default: it looks every 2 seconds,
        an image is overdue after 30, and a failed message rests for 5. After the last fault everything is counted:

        - **attempted**, **accepted**: uploads tried, and those that were answered 202 (HTTP) or 200 (S3). **landed unanswered**: the answer was lost and the file landed all the same; it is held to the same.
        - **lost**: accepted or landed, and without an end. **duplicated**: more facts than one of a kind, or two ends. **unexpected**: another end than the file asks for, an image that nobody uploaded, an object without a
          fact, a message left in `dead-letter`, or kept among the failures. **ledger**: in every line seen = classified + rejected; of a backlog that is only there to wait, the rest is in flight.
        - **layers that differ**: images whose silver or gold bytes are not those of a run of the same files in which nothing was broken, or whose objects do not have the catalog's checksums, or whose copy in quarantine is not the original.
          Sidecars are compared without what must differ: `{string.Join("`, `", Layers.LeftOut)}`.
        - **recovered**: images that had landed before a fault and ended after it. **time to quiet**: from the last fault lifted, or the last upload, until all have ended and the queues are empty.

        """;

    // The build puts the commit behind the version.
    private static string Revision =>
        typeof(ChaosReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, { Length: >= 9 } commit] ? $"at {commit[..9]}, " : "";

    /// <summary>What one run adds.</summary>
    public static string Section(string command, IReadOnlyList<Result> results)
    {
        var text = new StringBuilder();
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## `{command}`").AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd}, {Revision}{Machine.Describe("rabbitmq-server", "postgresql-15", "postgresql-17", "radosgw")}.").AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", Result.Columns)} |")
            .AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", Result.Columns.Select(_ => "---"))} |");
        foreach (var result in results)
            text.AppendLine(result.ToMarkdown());
        if (results.All(result => result.Holds))
            return text.ToString();
        text.AppendLine().AppendLine("What did not hold:").AppendLine();
        foreach (var result in results.Where(result => !result.Holds))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {result.Scenario}, seed {result.Seed}:");
            foreach (var complaint in result.Complaints(5))
                text.AppendLine(CultureInfo.InvariantCulture, $"  - {complaint}");
        }
        return text.ToString();
    }
}
