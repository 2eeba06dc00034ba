using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace Assay.Embedded.Models;

/// <summary><c>assay labels</c>: what is believed about images, now or at another time; and a person's word.</summary>
internal static class LabelsCommand
{
    public static Command Create()
    {
        var asOf = new Option<DateTime?>("--as-of")
        {
            Description = "What was believed at this time: yyyy-MM-dd, or yyyy-MM-ddTHH:mm:ss; UTC unless an offset says otherwise.", HelpName = "TIME", CustomParser = Time,
        };
        var model = new Option<string?>("--model") { Description = "Only the labels of this model's question.", HelpName = "NAME" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object per label." };
        var command = new Command("labels", "Lists what is believed about images: a person's verdict, else the active model's answer.") { asOf, model, json, CreateSet(), ReviewCommand.Create() };
        Installation.AddOptions(command);
        command.SetAction((parsed, cancellationToken) => Installation.UseAsync(
            parsed, [], place => RunAsync(place, parsed.GetValue(asOf), parsed.GetValue(model), parsed.GetValue(json), cancellationToken), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Installation place, DateTime? asOf, string? model, bool json, CancellationToken cancellationToken)
    {
        var labels = asOf is { } time ? place.Catalog.LabelsAsOf(time) : place.Catalog.CurrentLabels.AsNoTracking();
        if (model is not null)
            labels = labels.Where(label => label.Model == model);
        var rows = labels.OrderBy(label => label.ImageId).ThenBy(label => label.Model)
            .LeftJoin(place.Catalog.Images, label => label.ImageId, image => image.Id, (label, image) => new { Label = label, Name = (string?)image!.RawName }).AsAsyncEnumerable();
        if (json)
        {
            await Listing.PrintJsonAsync(rows, row => row.Label, cancellationToken);
            return AssayCommand.Done;
        }
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Image", "Name", "Label", "Confidence", "Said by", "When (UTC)");
        table.Columns[3].RightAligned();
        await Listing.PrintTableAsync(table, rows, row => Cells(row.Label, row.Name), none: null, cancellationToken);
        return AssayCommand.Done;
    }

    private static string[] Cells(BelievedLabel label, string? name) =>
    [
        label.ImageId.ToString(), Terminal.Shown(name ?? ""), Terminal.Shown(label.Label), label.Reviewer is null ? label.Confidence?.ToString("P0", CultureInfo.InvariantCulture) ?? "" : "",
        Terminal.Shown(label.Reviewer ?? $"{label.Model} {label.ModelVersion}"), label.DecidedAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
    ];

    private static Command CreateSet()
    {
        var image = new Argument<Guid>("IMAGE-ID") { Description = "The image's id." };
        var label = new Argument<string>("LABEL") { Description = "What it shows: one of the model's labels." };
        var model = new Option<string?>("--model") { Description = "The model whose question is answered; needed where several are active.", HelpName = "NAME" };
        var reason = new Option<string?>("--reason") { Description = "Why.", HelpName = "TEXT" };
        var command = new Command("set", "Records what a person says an image shows. It counts more than any model's answer; nothing is overwritten.") { image, label, model, reason, ModelsCommand.By };
        Installation.AddOptions(command);
        command.SetAction((parsed, cancellationToken) => Installation.UseAsync(
            parsed, [],
            place => SetAsync(
                place, parsed.GetRequiredValue(image), parsed.GetRequiredValue(label), parsed.GetValue(model), parsed.GetValue(reason), parsed.GetRequiredValue(ModelsCommand.By), cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task<int> SetAsync(Installation place, Guid imageId, string label, string? model, string? reason, string by, CancellationToken cancellationToken)
    {
        var catalog = place.Catalog;
        if (!await catalog.Images.AnyAsync(image => image.Id == imageId, cancellationToken))
            return Refuse($"There is no image {imageId} in {place}.");
        var names = await catalog.ModelStates.Where(state => state.State == ModelState.Active).Select(state => state.Name).ToListAsync(cancellationToken);
        if (model is null && names.Count != 1)
            return Refuse($"Which question is answered? --model names one of {string.Join(", ", names.Order(StringComparer.Ordinal))}.");
        model ??= names[0];
        var known = (await catalog.Models.AsNoTracking().Where(fact => fact.Name == model).Select(fact => fact.Labels).ToListAsync(cancellationToken)).SelectMany(labels => labels).Distinct().ToList();
        if (!known.Contains(label))
            return Refuse(known.Count == 0 ? $"There is no model {model}: 'assay models list' shows what there is." : $"'{label}' is no label of {model}, which has {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
        var seen = await catalog.CurrentLabels.AsNoTracking().FirstOrDefaultAsync(one => one.ImageId == imageId && one.Model == model, cancellationToken);
        await catalog.AppendAsync([new VerdictFact
        {
            Id = Guid.CreateVersion7(),
            ImageId = imageId,
            Model = model,
            Label = label,
            Reviewer = by,
            Reason = reason,
            PredictionId = seen?.PredictionId,
            DecidedAt = place.Services.GetRequiredService<TimeProvider>().GetCatalogTime(),
        }], cancellationToken);
        Console.WriteLine($"{imageId} is {label}, says {by}{(seen is null ? "" : $"; before: {seen.Label}")}.");
        return AssayCommand.Done;
    }

    private static int Refuse(string message)
    {
        Terminal.WriteError(message);
        return AssayCommand.Unfinished;
    }

    private static DateTime? Time(ArgumentResult result)
    {
        if (result.Tokens is [var token] && DateTimeOffset.TryParse(token.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time.UtcDateTime;
        result.AddError("--as-of must be a time, for instance 2026-03-14 or 2026-03-14T09:26:53+01:00.");
        return null;
    }
}
