using System.Globalization;
using System.Text.Json;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Objects;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace Assay.Embedded;

/// <summary>All that is recorded about one image.</summary>
internal sealed class Passport
{
    private const int MostAlike = 5;

    private readonly ImageFact image;
    private readonly List<(DateTime At, string Stage, string Facts)> facts = [];
    private readonly List<(string Layer, string Bucket, string Key, string Sha256, StoredObject? Found)> objects = [];

    private readonly List<(Guid ImageId, string Name, string Likeness)> alike = [];

    private Passport(ImageFact image) => this.image = image;

    /// <summary>Gathers the facts from the catalog, and looks for every object.</summary>
    public static async Task<Passport> ReadAsync(CatalogContext catalog, IObjectStore store, ImageFact image, CancellationToken cancellationToken)
    {
        var passport = new Passport(image);
        passport.facts.Add((image.IngestedAt, "ingest", Lines(
            $"from {image.RawPath}", $"source {image.Source}, version {image.Version}", image.Batch is null ? null : $"batch {image.Batch}",
            image.UserId is null ? null : $"user {image.UserId}", $"uploaded {Time(image.UploadedAt)}", $"{image.Bytes:N0} bytes, SHA-256 {image.Sha256}",
            image.TwinOf is null ? null : $"the same bytes as {image.TwinOf}")));
        await foreach (var fact in catalog.Cleansed.AsNoTracking().Where(x => x.ImageId == image.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            passport.facts.Add((fact.CleansedAt, "preprocess", Lines(
                $"{fact.MediaType}, {fact.RawWidth} × {fact.RawHeight}" + (fact.Frames > 1 ? $", the first of {fact.Frames} frames" : ""),
                $"silver {fact.Width} × {fact.Height}, recipe {fact.Recipe}", $"pixels {fact.PixelSha256}", TakenOver(fact.TwinOf))));
        }
        var checks = await catalog.QualityChecks.AsNoTracking().Where(x => x.ImageId == image.Id).ToListAsync(cancellationToken);
        await foreach (var fact in catalog.Enrichments.AsNoTracking().Where(x => x.ImageId == image.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var mine = checks.Where(check => check.Recipe == fact.Recipe && check.Enricher == fact.Enricher).ToList();
            passport.facts.Add((fact.EnrichedAt, "enrich", Lines([
                $"sharpness {fact.Sharpness:0.##}, brightness {fact.Brightness:0.##}, contrast {fact.Contrast:0.##}, entropy {fact.Entropy:0.##}, enricher {fact.Enricher}",
                .. Metadata(fact),
                .. mine.Where(check => check.Verdict != "pass").Select(check => $"{check.Verdict}: {check.Rule} ({check.Value:0.####}, threshold {check.Threshold:0.####})"),
                $"{mine.Count(check => check.Verdict == "pass")} of {mine.Count} quality checks pass", TakenOver(fact.TwinOf)])));
        }
        await foreach (var fact in catalog.Predictions.AsNoTracking().Where(x => x.ImageId == image.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            passport.facts.Add((fact.PredictedAt, "classify", Lines(
                $"{fact.Label} with {fact.Confidence:P1}" + (fact.Doubts.Length == 0 ? "" : $"; a person should look: {fact.Doubts.Replace(",", ", ", StringComparison.Ordinal)}"),
                $"{fact.Role} model {fact.Model} {fact.ModelVersion}, {fact.DurationMs:0.0} ms", $"prediction {fact.Id}", $"model SHA-256 {fact.ModelSha256}",
                fact.TraceId is null ? null : $"trace {fact.TraceId}", TakenOver(fact.TwinOf))));
        }
        await foreach (var fact in catalog.Verdicts.AsNoTracking().Where(x => x.ImageId == image.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
            passport.facts.Add((fact.DecidedAt, "review", Lines($"{fact.Label}, says {fact.Reviewer} ({fact.Model})", fact.Reason)));
        await foreach (var fact in catalog.Rejections.AsNoTracking().Where(x => x.ImageId == image.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
            passport.facts.Add((fact.RejectedAt, fact.Stage, Lines($"rejected: {fact.Reason}", fact.Detail)));
        await foreach (var fact in catalog.Attempts.AsNoTracking().Where(x => x.ImageId == image.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
            passport.facts.Add((fact.AttemptedAt, fact.Stage, Lines($"tried alone, its process died: {fact.Ended}")));
        await foreach (var fact in catalog.Failures.AsNoTracking().Where(x => x.ImageId == image.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
            passport.facts.Add((fact.FailedAt, fact.Stage, Lines($"failed {fact.Attempt} ×: {fact.Exception}", fact.Detail)));
        await foreach (var fact in catalog.Redrives.AsNoTracking().Where(x => x.ImageId == image.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
            passport.facts.Add((fact.RedrivenAt, "steward", Lines($"overdue in {fact.Stage}: announced again")));
        passport.facts.Sort((one, other) => one.At.CompareTo(other.At));

        var written = await catalog.Lineage.Where(step => step.ImageId == image.Id && step.ObjectKey != null).OrderBy(step => step.Step).ToListAsync(cancellationToken);
        foreach (var step in written)
            await passport.LookForAsync(store, step.Layer!, step.Bucket!, step.ObjectKey!, step.Sha256, cancellationToken);
        await passport.FindAlikeAsync(catalog, cancellationToken);
        await foreach (var fact in catalog.Enrichments.AsNoTracking().Where(x => x.ImageId == image.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
            await passport.LookForAsync(store, "sidecar", fact.GoldBucket, fact.SidecarKey, sha256: "", cancellationToken);
        return passport;
    }

    /// <summary>Prints it.</summary>
    public void Print(IAnsiConsole console, Installation place)
    {
        console.Write(new Rule($"[bold]{Terminal.Shown(image.RawName)}[/]  {image.Id}").LeftJustified());
        var history = new Table().Border(TableBorder.Simple).AddColumns("When (UTC)", "Stage", "Facts");
        foreach (var (at, stage, text) in facts)
            history.AddRow(Time(at), stage, Markup.Escape(text));
        console.Write(history);
        var layers = new Table().Border(TableBorder.Simple).AddColumns("Layer", place.Folder is null ? "Object" : "File", "Bytes", "SHA-256");
        layers.Columns[2].RightAligned();
        foreach (var (layer, bucket, key, sha256, found) in objects)
            layers.AddRow(layer, Markup.Escape(place.PlaceOf(bucket, key)), found?.Bytes.ToString("N0", CultureInfo.InvariantCulture) ?? "[red]missing[/]", sha256);
        console.Write(layers);
        if (alike.Count == 0)
            return;
        var others = new Table().Border(TableBorder.Simple).AddColumns("Looks like", "Image", "Difference");
        foreach (var (imageId, name, likeness) in alike)
            others.AddRow(Terminal.Shown(name), imageId.ToString(), likeness);
        console.Write(others);
    }

    private async Task FindAlikeAsync(CatalogContext catalog, CancellationToken cancellationToken)
    {
        // The newest enricher's word counts.
        var newest = await catalog.Enrichments.AsNoTracking().Where(fact => fact.ImageId == image.Id).OrderByDescending(fact => fact.EnrichedAt).FirstOrDefaultAsync(cancellationToken);
        if (newest is null)
            return;
        foreach (var near in await catalog.FindNearDuplicatesAsync(image.Id, unchecked((ulong)newest.PerceptualHash), MostAlike, cancellationToken))
        {
            // Part of the catalog may be lost: that is when people look.
            var other = await catalog.Images.AsNoTracking().FirstOrDefaultAsync(fact => fact.Id == near.ImageId, cancellationToken);
            alike.Add((near.ImageId, other?.RawName ?? "(not in the catalog)", other?.Sha256 == image.Sha256 ? "the same bytes" : $"{near.Distance} of 64 bits"));
        }
    }

    private async Task LookForAsync(IObjectStore store, string layer, string bucket, string key, string sha256, CancellationToken cancellationToken) =>
        objects.Add((layer, bucket, key, sha256, await store.FindAsync(bucket, key, cancellationToken)));

    private static string? TakenOver(Guid? twin) => twin is null ? null : $"taken over from {twin}";

    private static IEnumerable<string> Metadata(EnrichedFact fact)
    {
        using var json = JsonDocument.Parse(fact.Metadata);
        foreach (var property in json.RootElement.EnumerateObject())
        {
            if (property.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
                yield return $"{property.Name} {property.Value}";
            else if (property.Value.ValueKind == JsonValueKind.Array)
                foreach (var note in property.Value.EnumerateArray())
                    yield return $"note: {note}";
        }
    }

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Lines(params IEnumerable<string?> lines) => string.Join('\n', lines.OfType<string>().Select(Terminal.Printable));
}
