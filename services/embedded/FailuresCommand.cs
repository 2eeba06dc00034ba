using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Assay.Platform.Catalog;
using Assay.Platform.Objects;
using Assay.Steward;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded;

/// <summary><c>assay failures</c>: what stages could not finish and waits, by what it has in common.</summary>
internal static class FailuresCommand
{
    private const int LongestDetail = 120;

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object per group." };
        var command = new Command("failures", "Lists the messages that stages could not finish, grouped by stage, exception and format. A rejected image is no failure. Exit code 0: they were read, however many wait; 1: they could not be; 2: wrong usage or setting.") { json, ReplayCommand.Create() };
        Installation.AddOptions(command);
        command.SetAction((parsed, cancellationToken) => Installation.UseAsync(parsed, [], place => RunAsync(place, parsed.GetValue(json), cancellationToken), cancellationToken));
        return command;
    }

    /// <summary>How a group is written on the command line.</summary>
    public static string NameOf(FailureGroup group) => $"{group.Stage}/{group.Exception}/{group.Format}";

    /// <summary>The failures of a group, as it is written on the command line, the oldest first.</summary>
    public static IQueryable<OpenFailure> InGroup(this IQueryable<OpenFailure> failures, string group) =>
        // Put together, and not the name taken apart: a media type has a slash of its own, and what strangers have sent may have one anywhere.
        failures.Where(failure => failure.Stage + "/" + failure.Exception + "/" + failure.Format == group).OrderBy(failure => failure.FailedAt);

    private static async Task<int> RunAsync(Installation place, bool json, CancellationToken cancellationToken)
    {
        var groups = await place.Catalog.FailureGroups.OrderByDescending(group => group.Waiting).ThenBy(group => group.Stage).ToListAsync(cancellationToken);
        foreach (var group in groups)
        {
            // Replayed, or ended, in this moment.
            if (await place.Catalog.OpenFailures.InGroup(NameOf(group)).FirstOrDefaultAsync(cancellationToken) is not { } example)
                continue;
            var (byItself, next) = await RetriesAsync(place, group, cancellationToken);
            if (json)
                Console.WriteLine(JsonSerializer.Serialize(new FailureLine(group, example, byItself, next), JsonSerializerOptions.Web));
            else
                Print(group, example, place.Folder is null ? WhoRetries(group.Waiting, byItself, next) : null);
        }
        if (json)
            return AssayCommand.Done;
        Console.WriteLine(groups.Count == 0 ? "Nothing failed and waits."
            : place.Folder is null ? "Give them back with 'assay failures replay --deployed --group GROUP', a few first with '--canary 10'."
            : "The next 'assay run' of the same files tries them again.");
        if (groups.Exists(group => group.Exception == nameof(ObjectMissingException)))
            Console.WriteLine($"Objects are missing: '{place.Command("verify --repair")}' makes again what can be made. Do that first.");
        return AssayCommand.Done;
    }

    // What the steward will give back, and when: as it says itself, with the settings that this command has.
    private static async Task<(long Count, DateTime? Next)> RetriesAsync(Installation place, FailureGroup group, CancellationToken cancellationToken)
    {
        if (place.Folder is not null)
            return (0, null);
        var options = place.Services.GetRequiredService<StewardOptions>();
        var attempts = await place.Catalog.OpenFailures.InGroup(NameOf(group)).Where(failure => failure.Retryable && failure.Attempt <= options.Tries)
            .GroupBy(failure => failure.Attempt).Select(same => new { Attempt = same.Key, Count = same.LongCount(), First = same.Min(failure => failure.FailedAt) })
            .ToListAsync(cancellationToken);
        return (attempts.Sum(same => same.Count), attempts.Min(same => (DateTime?)(same.First + options.PauseAfter(same.Attempt))));
    }

    private static string WhoRetries(long waiting, long byItself, DateTime? next)
    {
        if (next is not { } time)
            return "not tried again by itself: it waits for a person";
        var rest = byItself < waiting ? $"; {Count(waiting - byItself)} for a person to give back" : "";
        return FormattableString.Invariant($"the steward gives {Count(byItself)} back by itself, the next after {time:yyyy-MM-dd HH:mm:ss} UTC{rest}");
    }

    // Lines and no table: a group must not be broken in two, it is there to be copied.
    private static void Print(FailureGroup group, OpenFailure example, string? whoRetries)
    {
        Console.WriteLine(Terminal.Printable(NameOf(group)));
        Console.WriteLine(FormattableString.Invariant($"  {Count(group.Waiting)} waiting, first seen {group.FirstSeen:yyyy-MM-dd HH:mm:ss}, last seen {group.LastSeen:yyyy-MM-dd HH:mm:ss} UTC"));
        if (whoRetries is not null)
            Console.WriteLine($"  {whoRetries}");
        Console.WriteLine(Terminal.Printable(
            $"  for example {example.Message} {(example.ImageId is { } id ? $"of image {id}" : $"{example.Id}")}, failed {example.Attempt} ×: {Terminal.Shorten(example.Detail, LongestDetail)}"));
        Console.WriteLine();
    }

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A group as JSON has it.</summary>
    private sealed record FailureLine(
        string Group, string Stage, string Exception, string Format, long Waiting, long RetriedByItself, DateTime? NextRetry, DateTime FirstSeen, DateTime LastSeen, FailureExample Example)
    {
        public FailureLine(FailureGroup group, OpenFailure example, long byItself, DateTime? next)
            : this(NameOf(group), group.Stage, group.Exception, group.Format, group.Waiting, byItself, next, group.FirstSeen, group.LastSeen,
                new FailureExample(example.Id, example.Series, example.Message, example.ImageId, example.Attempt, example.Detail))
        {
        }
    }

    /// <summary>One failure of a group.</summary>
    private sealed record FailureExample(Guid Id, Guid Series, string Message, Guid? ImageId, int Failures, string Detail);
}
