using System.Text.Json;
using Assay.Contracts;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Objects;

namespace Assay.Enrich;

/// <summary>A sidecar from the catalog alone: what it says is in the facts, too, so that a lost one can be made again to the byte.</summary>
public static class SidecarFacts
{
    private const string Uniformity = "near-uniform";

    /// <summary>The sidecar that the facts of one image, recipe and enricher describe, before a model has answered.</summary>
    /// <param name="image">The image.</param>
    /// <param name="cleansed">Its silver image, of the recipe that <paramref name="enriched"/> names.</param>
    /// <param name="enriched">What was found out about it.</param>
    /// <param name="checks">What the quality rules found, of the same recipe and enricher.</param>
    /// <exception cref="JsonException">The metadata in the catalog is not what this program writes.</exception>
    public static Sidecar ToSidecar(ImageFact image, CleansedFact cleansed, EnrichedFact enriched, IEnumerable<QualityFact> checks)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(cleansed);
        ArgumentNullException.ThrowIfNull(enriched);
        var said = new ImageCleansed(
            image.Id, image.Origin, image.Bronze, cleansed.MediaType, new PixelSize(cleansed.RawWidth, cleansed.RawHeight),
            cleansed.Silver, new PixelSize(cleansed.Width, cleansed.Height), cleansed.Recipe, cleansed.CleansedAt, image.TwinOf);
        QualityVerdict[] verdicts = [.. checks.OrderBy(check => PlaceOf(check.Rule)).ThenBy(check => check.Rule, StringComparer.Ordinal).Select(check =>
            new QualityVerdict(check.Rule, check.RuleVersion, check.Value, check.Threshold, check.Verdict == "warn" ? QualityOutcome.Warn : QualityOutcome.Pass))];
        var findings = new Findings(
            GoldFacts.ReadMetadata(enriched.Metadata),
            new Measurements(
                enriched.Sharpness, enriched.Brightness, enriched.Contrast, enriched.Entropy,
                // The one measurement that only its rule keeps.
                verdicts.FirstOrDefault(verdict => verdict.Rule == Uniformity)?.Value ?? 0, unchecked((ulong)enriched.PerceptualHash)),
            verdicts);
        return findings.ToSidecar(said, enriched.Gold, enriched.Enricher, enriched.EnrichedAt);
    }

    private static int PlaceOf(string rule) => QualityChecks.Rules.TakeWhile(known => known != rule).Count();
}
