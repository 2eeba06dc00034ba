using System.CommandLine;
using System.Globalization;
using Assay.Platform.Catalog;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace Assay.Embedded.Models;

/// <summary><c>assay labels review</c>: what a person should look at, and why.</summary>
internal static class ReviewCommand
{
    public static Command Create()
    {
        var model = new Option<string?>("--model") { Description = "Only answers to this model's question.", HelpName = "NAME" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object per answer." };
        var command = new Command("review", "Lists the answers that a person should look at, the least certain first, with the reasons. 'assay labels set' decides.") { model, json };
        Installation.AddOptions(command);
        command.SetAction((parsed, cancellationToken) => Installation.UseAsync(
            parsed, [], place => RunAsync(place, parsed.GetValue(model), parsed.GetValue(json), cancellationToken), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Installation place, string? model, bool json, CancellationToken cancellationToken)
    {
        var doubtful = place.Catalog.NeedsReview.AsNoTracking();
        if (model is not null)
            doubtful = doubtful.Where(answer => answer.Model == model);
        var rows = doubtful.OrderBy(answer => answer.Confidence).ThenBy(answer => answer.ImageId).ThenBy(answer => answer.Model)
            .LeftJoin(place.Catalog.Images, answer => answer.ImageId, image => image.Id, (answer, image) => new { Answer = answer, Name = (string?)image!.RawName }).AsAsyncEnumerable();
        if (json)
        {
            await Listing.PrintJsonAsync(rows, row => row.Answer, cancellationToken);
            return AssayCommand.Done;
        }
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Image", "Name", "Label", "Confidence", "Margin", "Why");
        table.Columns[3].RightAligned();
        table.Columns[4].RightAligned();
        await Listing.PrintTableAsync(table, rows, row => Cells(row.Answer, row.Name), "Nothing waits for review.", cancellationToken);
        return AssayCommand.Done;
    }

    private static string[] Cells(DoubtfulLabel answer, string? name)
    {
        var why = answer.Reasons.Replace(",", ", ", StringComparison.Ordinal) + (answer.OtherLabel is null ? "" : $" ({answer.OtherVersion}: {answer.OtherLabel})");
        return [answer.ImageId.ToString(), Terminal.Shown(name ?? ""), Terminal.Shown(answer.Label), Percent(answer.Confidence), Percent(answer.Margin), Terminal.Shown(why)];
    }

    private static string Percent(double share) => share.ToString("P0", CultureInfo.InvariantCulture);
}
