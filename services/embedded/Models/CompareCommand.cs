using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Assay.Classify;
using Assay.Classify.Registry;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace Assay.Embedded.Models;

/// <summary><c>assay models compare</c>: what two versions say about the same images; what one has not been asked yet, it is asked now.</summary>
internal static class CompareCommand
{
    private const int MostFlips = 12, MostExamples = 3, CpuImages = 50;

    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "The model's name." };
        var (one, other) = (new Argument<string>("VERSION") { Description = "One version." }, new Argument<string>("OTHER") { Description = "The other version." });
        var images = new Option<int>("--images") { Description = "How many images, the newest first.", HelpName = "N", DefaultValueFactory = _ => 1000 };
        images.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--images must be at least 1.");
        });
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("compare", "Shows where two versions of a model agree and where not, on images that are there. Nothing is recorded.") { name, one, other, images, json };
        return ModelsCommand.WithAction(command, async (parsed, place, cancellationToken) =>
        {
            var registry = place.Services.GetRequiredService<ModelRegistry>();
            using var first = await LoadAsync(registry, parsed.GetRequiredValue(name), parsed.GetRequiredValue(one), cancellationToken);
            using var second = await LoadAsync(registry, parsed.GetRequiredValue(name), parsed.GetRequiredValue(other), cancellationToken);
            var (pairs, golds) = await ReadAsync(place, first, second, parsed.GetRequiredValue(images), cancellationToken);
            if (pairs.Count == 0)
            {
                Terminal.WriteError($"There is no gold image in {place} to compare them on.");
                return AssayCommand.Unfinished;
            }
            var comparison = Comparison.Of(pairs, await CpuAsync(place, first, second, golds, cancellationToken));
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(comparison, JsonSerializerOptions.Web));
            else
                Print(Terminal.Open(Console.Out), comparison, first.Package.Identity.Version, second.Package.Identity.Version);
            return AssayCommand.Done;
        });
    }

    private static async Task<LoadedModel> LoadAsync(ModelRegistry registry, string name, string version, CancellationToken cancellationToken) =>
        await registry.LoadAsync(await registry.FindStateAsync(name, version, cancellationToken), cancellationToken);

    private static async Task<(List<(PredictionFact One, PredictionFact Other, string? Verdict)> Pairs, List<EnrichedFact> Golds)> ReadAsync(Installation place, LoadedModel first, LoadedModel second, int most, CancellationToken cancellationToken)
    {
        var (catalog, name) = (place.Catalog, first.Package.Identity.Name);
        var newest = await catalog.Images.AsNoTracking().Where(image => catalog.Enrichments.Any(gold => gold.ImageId == image.Id))
            .OrderByDescending(image => image.IngestedAt).ThenBy(image => image.Id).Take(most)
            .Join(catalog.Enrichments, image => image.Id, gold => gold.ImageId, (image, gold) => new { image.IngestedAt, gold })
            .OrderByDescending(row => row.IngestedAt).ThenByDescending(row => row.gold.EnrichedAt).Select(row => row.gold).ToListAsync(cancellationToken);
        List<(PredictionFact, PredictionFact, string?)> pairs = [];
        List<EnrichedFact> compared = [];
        foreach (var gold in newest.DistinctBy(fact => fact.ImageId))
        {
            var said = await catalog.Predictions.AsNoTracking().Where(fact => fact.ImageId == gold.ImageId && fact.Recipe == gold.Recipe && fact.Model == name).ToListAsync(cancellationToken);
            var verdict = await catalog.Verdicts.AsNoTracking().Where(fact => fact.ImageId == gold.ImageId && fact.Model == name).OrderByDescending(fact => fact.DecidedAt).FirstOrDefaultAsync(cancellationToken);
            try
            {
                pairs.Add((await AnswerAsync(first, said, gold), await AnswerAsync(second, said, gold), verdict?.Label));
                compared.Add(gold);
            }
            catch (Exception exception) when (exception is ObjectMissingException or InvalidDataException or InvalidImageException)
            {
                Terminal.WriteError(LabelledPicture.NotIntact(gold.ImageId.ToString()));
            }
            catch (ModelAnswerException fault)
            {
                Terminal.WriteError($"Image {gold.ImageId} is left out: {fault.Message}");
            }
        }
        return (pairs, compared);

        async Task<PredictionFact> AnswerAsync(LoadedModel model, List<PredictionFact> said, EnrichedFact gold)
        {
            // What was taken over from a twin took no time.
            if (said.FirstOrDefault(fact => fact.PackageSha256 == model.Package.Sha256 && fact.TwinOf is null) is { } known)
                return known;
            var bytes = await place.Objects.ReadAllAsync(gold.Gold, cancellationToken);
            return model.Answer(bytes, gold.ImageId, gold.Recipe, PredictionFact.Shadow, place.Services.GetRequiredService<TimeProvider>());
        }
    }

    // What was recorded tells the time that an answer took, among whatever else was at work then. Here nothing else is: the processor time is the models' own.
    private static async Task<(double? One, double? Other)> CpuAsync(Installation place, LoadedModel first, LoadedModel second, List<EnrichedFact> compared, CancellationToken cancellationToken)
    {
        List<byte[]> golds = [];
        foreach (var gold in compared.Take(CpuImages))
        {
            try
            {
                // Both have been asked once, and are warm.
                golds.Add(Ask(await place.Objects.ReadAllAsync(gold.Gold, cancellationToken), first, second));
            }
            catch (Exception exception) when (exception is ObjectMissingException or InvalidDataException or InvalidImageException or ModelAnswerException)
            {
                // What both have said of it is recorded, and compared; it cannot be asked about anew.
            }
        }
        return golds.Count == 0 ? (null, null) : (CpuOf(first, golds), CpuOf(second, golds));
    }

    private static byte[] Ask(byte[] gold, params IEnumerable<LoadedModel> models)
    {
        foreach (var model in models)
            model.Classifier.Classify(gold);
        return gold;
    }

    private static double CpuOf(LoadedModel model, List<byte[]> golds)
    {
        var before = Environment.CpuUsage.TotalTime;
        foreach (var gold in golds)
            Ask(gold, model);
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / golds.Count;
    }

    private static void Print(IAnsiConsole console, Comparison comparison, string one, string other)
    {
        var figures = new Table().Border(TableBorder.Rounded).AddColumns("", one, other);
        figures.Columns[1].RightAligned();
        figures.Columns[2].RightAligned();
        figures.AddRow("Mean confidence", Percent(comparison.One.Confidence), Percent(comparison.Other.Confidence));
        figures.AddRow("Accepted", Percent(comparison.One.Accepted), Percent(comparison.Other.Accepted));
        figures.AddRow("Median time", Milliseconds(comparison.One.MedianMs), Milliseconds(comparison.Other.MedianMs));
        figures.AddRow("Mean processor time", Milliseconds(comparison.One.CpuMs), Milliseconds(comparison.Other.CpuMs));
        if (comparison.Verdicts > 0)
            figures.AddRow(string.Create(CultureInfo.InvariantCulture, $"Right, of {comparison.Verdicts:N0} with a verdict"), Percent(comparison.One.Right ?? 0), Percent(comparison.Other.Right ?? 0));
        console.Write(figures);
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"They agree on {comparison.Agree:N0} of {comparison.Images:N0} images ({Percent((double)comparison.Agree / comparison.Images)}).");
        if (comparison.Flips.Count == 0)
            return;
        var flips = new Table().Border(TableBorder.Rounded).AddColumns(one, other, "Images", "For example");
        flips.Columns[2].RightAligned();
        foreach (var flip in comparison.Flips.Take(MostFlips))
            flips.AddRow(Markup.Escape(flip.One), Markup.Escape(flip.Other), flip.Images.ToString("N0", CultureInfo.InvariantCulture), string.Join('\n', flip.Examples.Take(MostExamples)));
        console.Write(flips);
        if (comparison.Flips.Count > MostFlips)
            console.MarkupLineInterpolated($"[grey]And {comparison.Flips.Count - MostFlips} other pairs of labels: --json has them all.[/]");
    }

    private static string Percent(double share) => share.ToString("P1", CultureInfo.InvariantCulture);

    private static string Milliseconds(double? time) => time?.ToString("0.0 ms", CultureInfo.InvariantCulture) ?? "–";
}
