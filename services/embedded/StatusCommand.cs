using System.CommandLine;
using System.Globalization;
using Assay.Platform.Catalog;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace Assay.Embedded;

/// <summary><c>assay status</c>: the ledger, per source and day. Ends with 1 when it does not balance.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object per source and day." };
        var command = new Command("status", "Prints the ledger: what came in and what became of it, per source and day. Exit code 0: it balances; 1: it does not, or cannot be read; 2: wrong usage or setting.") { json };
        Installation.AddOptions(command);
        command.SetAction((parsed, cancellationToken) => Installation.UseAsync(parsed, [], place => RunAsync(place, parsed.GetValue(json), cancellationToken), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Installation place, bool json, CancellationToken cancellationToken)
    {
        var days = await ReadAsync(place.Catalog, cancellationToken);
        if (json)
            days.ForEach(day => StatusLine.Write(Console.Out, day.Line, day.Reasons));
        else
        {
            Print(Terminal.Open(Console.Out), days, place.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
            await SayWhatWaitsAsync(place, days.Sum(day => day.Line.InFlight), cancellationToken);
        }
        var strays = -days.Sum(day => day.Line.Difference);
        if (strays == 0)
            return AssayCommand.Done;
        Terminal.WriteError($"The ledger does not balance: the catalog has results of {Count(strays)} {(strays == 1 ? "image" : "images")} that it has not taken in. "
            + $"Part of it is missing: '{place.Command("verify")}' names them. {place.WayBack}");
        return AssayCommand.Unfinished;
    }

    private static async Task SayWhatWaitsAsync(Installation place, long inFlight, CancellationToken cancellationToken)
    {
        if (await place.Catalog.OpenFailures.LongCountAsync(cancellationToken) is > 0 and var failed)
            Console.WriteLine($"{Count(failed)} {(failed == 1 ? "message has failed and waits" : "messages have failed and wait")}: {place.Command("failures")}");
        if (place.Folder is not null && inFlight > 0)
            Console.WriteLine($"{Count(inFlight)} {(inFlight == 1 ? "image is" : "images are")} in flight: unless a run is at work, 'assay run' of the same paths goes on from there.");
    }

    // One statement, so that both views are of the same moment.
    private static async Task<List<(LedgerLine Line, Dictionary<string, long> Reasons)>> ReadAsync(CatalogContext catalog, CancellationToken cancellationToken)
    {
        var rows = await catalog.Ledger
            .LeftJoin(
                catalog.LedgerRejections, line => new { line.Source, line.Day }, rejected => new { rejected.Source, rejected.Day },
                (line, rejected) => new { Line = line, Reason = (string?)rejected!.Reason, Count = (long?)rejected.Count })
            .OrderBy(row => row.Line.Source).ThenBy(row => row.Line.Day).ThenByDescending(row => row.Count).ThenBy(row => row.Reason)
            .ToListAsync(cancellationToken);
        return [.. rows.GroupBy(row => (row.Line.Source, row.Line.Day)).Select(day =>
            (day.First().Line, day.Where(row => row.Reason is not null).ToDictionary(row => row.Reason!, row => row.Count!.Value)))];
    }

    private static void Print(IAnsiConsole console, List<(LedgerLine Line, Dictionary<string, long> Reasons)> days, DateTime now)
    {
        var ledger = NewTable(2, "Source", "Day (UTC)", "Seen", "Classified", "Rejected", "In flight", "Difference");
        foreach (var (line, _) in days)
            ledger.AddRow([.. Name(line), .. Counts(line.Seen, line.Classified, line.Rejected, line.InFlight), Difference(line.Difference)]);
        ledger.AddEmptyRow();
        ledger.AddRow([
            "all", "", .. Counts(days.Sum(x => x.Line.Seen), days.Sum(x => x.Line.Classified), days.Sum(x => x.Line.Rejected), days.Sum(x => x.Line.InFlight)),
            Difference(days.Sum(x => x.Line.Difference))]);
        console.Write(ledger);

        var rejected = NewTable(3, "Source", "Day (UTC)", "Rejected because", "Images");
        foreach (var (line, reasons) in days)
            foreach (var (reason, count) in reasons)
                rejected.AddRow([.. Name(line), Markup.Escape(reason), Count(count)]);
        if (rejected.Rows.Count > 0)
            console.Write(rejected);

        var inFlight = NewTable(2, "Source", "Day (UTC)", "In preprocess", "In enrich", "In classify", "Oldest (UTC)", "Age");
        foreach (var (line, _) in days.Where(day => day.Line.OldestInFlight is not null))
            inFlight.AddRow([
                .. Name(line), .. Counts(line.InPreprocess, line.InEnrich, line.InClassify),
                line.OldestInFlight!.Value.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), Age(now - line.OldestInFlight.Value)]);
        if (inFlight.Rows.Count > 0)
            console.Write(inFlight);
    }

    private static Table NewTable(int names, params string[] columns)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns(columns);
        foreach (var column in table.Columns.Skip(names))
            column.RightAligned();
        return table;
    }

    private static IEnumerable<string> Name(LedgerLine line) => [Terminal.Shown(line.Source), line.Day];

    private static IEnumerable<string> Counts(params long[] counts) => counts.Select(Count);

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Difference(long difference) => difference == 0 ? "0" : $"[red]{Count(difference)}[/]";

    private static string Age(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => $"{Math.Max(0, age.TotalSeconds):0} s",
        { TotalHours: < 1 } => $"{age.TotalMinutes:0} min",
        { TotalDays: < 1 } => FormattableString.Invariant($"{age.TotalHours:0.0} h"),
        _ => FormattableString.Invariant($"{age.TotalDays:0.0} days"),
    };
}
