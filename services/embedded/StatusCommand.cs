using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace Assay.Embedded;

/// <summary><c>assay status</c>: the ledger, per source and day.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var command = new Command("status", "Prints the ledger: what came in and what became of it, per source and day.");
        Installation.AddOptions(command);
        command.SetAction((parsed, cancellationToken) => Installation.UseAsync(parsed, [], place => RunAsync(place, cancellationToken), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Installation place, CancellationToken cancellationToken)
    {
        var lines = await place.Catalog.Ledger.OrderBy(line => line.Source).ThenBy(line => line.Day).ToListAsync(cancellationToken);
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Source", "Day (UTC)", "Seen", "Classified", "Rejected", "In flight");
        foreach (var column in table.Columns.Skip(2))
            column.RightAligned();
        foreach (var line in lines)
            table.AddRow([Markup.Escape(line.Source), line.Day, .. Counts(line.Seen, line.Classified, line.Rejected, line.InFlight)]);
        table.AddEmptyRow();
        table.AddRow(["all", "", .. Counts(lines.Sum(x => x.Seen), lines.Sum(x => x.Classified), lines.Sum(x => x.Rejected), lines.Sum(x => x.InFlight))]);
        Terminal.Open(Console.Out).Write(table);
        return AssayCommand.Done;
    }

    private static IEnumerable<string> Counts(params long[] counts) => counts.Select(count => count.ToString("N0", CultureInfo.InvariantCulture));
}
