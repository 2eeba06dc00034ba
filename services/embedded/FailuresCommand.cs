using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Assay.Platform.Catalog;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace Assay.Embedded;

/// <summary><c>assay failures</c>: what stages could not finish and waits, by what it has in common.</summary>
internal static class FailuresCommand
{
    private const int LongestDetail = 120;

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object per group." };
        var command = new Command("failures", "Lists the messages that stages could not finish, grouped by stage, exception and format. A rejected image is no failure.") { json, ReplayCommand.Create() };
        Installation.AddOptions(command);
        command.SetAction((parsed, cancellationToken) => Installation.UseAsync(parsed, [], place => RunAsync(place, parsed.GetValue(json), cancellationToken), cancellationToken));
        return command;
    }

    /// <summary>How a group is written on the command line.</summary>
    public static string NameOf(FailureGroup group) => $"{group.Stage}/{group.Exception}/{group.Format}";

    /// <summary>The failures of a group, as it is written on the command line, the oldest first.</summary>
    public static IQueryable<OpenFailure> InGroup(this IQueryable<OpenFailure> failures, string group)
    {
        // A media type has a slash of its own.
        var parts = group.Split('/', 3);
        var (stage, exception, format) = (parts[0], parts.ElementAtOrDefault(1) ?? "", parts.ElementAtOrDefault(2) ?? "");
        return failures.Where(failure => failure.Stage == stage && failure.Exception == exception && failure.Format == format).OrderBy(failure => failure.FailedAt);
    }

    private static async Task<int> RunAsync(Installation place, bool json, CancellationToken cancellationToken)
    {
        var groups = await place.Catalog.FailureGroups.OrderByDescending(group => group.Waiting).ThenBy(group => group.Stage).ToListAsync(cancellationToken);
        var examples = new List<OpenFailure>();
        foreach (var group in groups)
            examples.Add(await place.Catalog.OpenFailures.InGroup(NameOf(group)).FirstAsync(cancellationToken));
        if (json)
        {
            foreach (var (group, example) in groups.Zip(examples))
                Console.WriteLine(JsonSerializer.Serialize(new FailureLine(group, example), JsonSerializerOptions.Web));
            return AssayCommand.Done;
        }
        if (groups.Count == 0)
        {
            Console.WriteLine("Nothing failed and waits.");
            return AssayCommand.Done;
        }
        Print(Terminal.Open(Console.Out), groups.Zip(examples));
        Console.WriteLine(place.Folder is null
            ? "Give them back with 'assay failures replay --deployed --group GROUP', a few first with '--canary 10'."
            : "The next 'assay run' of the same files tries them again.");
        return AssayCommand.Done;
    }

    private static void Print(IAnsiConsole console, IEnumerable<(FailureGroup Group, OpenFailure Example)> groups)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Group", "Waiting", "First seen (UTC)", "Last seen (UTC)", "For example");
        table.Columns[1].RightAligned();
        foreach (var (group, example) in groups)
        {
            table.AddRow(
                Shown(NameOf(group)), group.Waiting.ToString("N0", CultureInfo.InvariantCulture), $"{group.FirstSeen:yyyy-MM-dd HH:mm:ss}", $"{group.LastSeen:yyyy-MM-dd HH:mm:ss}",
                Shown($"{example.Message} {(example.ImageId is { } id ? $"of image {id}" : $"{example.Id}")}, failed {example.Attempt} ×: {Terminal.Shorten(example.Detail, LongestDetail)}"));
        }
        console.Write(table);
    }

    private static string Shown(string text) => Markup.Escape(Terminal.Printable(text));

    /// <summary>A group as JSON has it.</summary>
    private sealed record FailureLine(string Group, string Stage, string Exception, string Format, long Waiting, DateTime FirstSeen, DateTime LastSeen, FailureExample Example)
    {
        public FailureLine(FailureGroup group, OpenFailure example)
            : this(NameOf(group), group.Stage, group.Exception, group.Format, group.Waiting, group.FirstSeen, group.LastSeen,
                new FailureExample(example.Id, example.Message, example.ImageId, example.Attempt, example.Detail, example.Retryable))
        {
        }
    }

    /// <summary>One failure of a group.</summary>
    private sealed record FailureExample(Guid Id, string Message, Guid? ImageId, int Failures, string Detail, bool IsRetriedByItself);
}
