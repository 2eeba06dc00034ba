using System.Text.Json;
using System.Text.Json.Serialization;
using Assay.Contracts;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Objects;

namespace Assay.Enrich;

/// <summary>Findings as the gold layer and the catalog keep them: the same content, once for people with a file and once for queries.</summary>
internal static class GoldFacts
{
    private static readonly JsonSerializerOptions MetadataJson = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static Sidecar ToSidecar(this Findings findings, ImageCleansed image, ObjectReference gold, string enricher, DateTime enrichedAt) => new(
        image.ImageId,
        image.Origin.Source,
        image.Origin.Batch,
        image.Origin.UserId,
        image.Origin.UploadedAt,
        image.Origin.IngestedAt,
        new SidecarRaw(
            image.Origin.RawName, image.Origin.RawPath, image.Bronze.Bytes, image.Bronze.Sha256, image.MediaType, image.RawSize.Width, image.RawSize.Height),
        new SidecarCleansed(
            image.Silver.Key[(image.Silver.Key.LastIndexOf('/') + 1)..], Sidecar.PathOf(image.Silver), image.Silver.Bytes, image.Silver.Sha256,
            image.SilverSize.Width, image.SilverSize.Height, image.Recipe),
        Sidecar.PathOf(image.Bronze),
        Sidecar.PathOf(gold),
        findings.Metadata,
        // Gold says the same whenever it is made: what other images there are is the catalog's to know.
        new SidecarQuality(findings.Measurements, [.. findings.Verdicts.Where(verdict => verdict.Rule != QualityChecks.NearDuplicate)]),
        enricher,
        enrichedAt,
        Classifications: []);

    public static EnrichedFact ToFact(this Findings findings, ImageCleansed image, ObjectReference gold, string sidecarKey, string enricher, Guid? twin, DateTime enrichedAt) => new()
    {
        ImageId = image.ImageId,
        Recipe = image.Recipe,
        Enricher = enricher,
        Metadata = JsonSerializer.Serialize(findings.Metadata, MetadataJson),
        CapturedAt = findings.Metadata.CapturedAt,
        PerceptualHash = unchecked((long)findings.Measurements.PerceptualHash),
        Sharpness = findings.Measurements.Sharpness,
        Brightness = findings.Measurements.Brightness,
        Contrast = findings.Measurements.Contrast,
        Entropy = findings.Measurements.Entropy,
        GoldBucket = gold.Bucket,
        GoldKey = gold.Key,
        SidecarKey = sidecarKey,
        Bytes = gold.Bytes,
        Sha256 = gold.Sha256,
        EnrichedAt = enrichedAt,
        TwinOf = twin,
    };

    /// <summary>What <see cref="ToFact"/> wrote.</summary>
    public static ImageMetadata ReadMetadata(string json) =>
        JsonSerializer.Deserialize<ImageMetadata>(json, MetadataJson) ?? throw new JsonException("The metadata in the catalog is the JSON value null.");

    public static IEnumerable<QualityFact> ToQualityFacts(this Findings findings, ImageCleansed image, string enricher) =>
        findings.Verdicts.Select(verdict => new QualityFact
        {
            ImageId = image.ImageId,
            Recipe = image.Recipe,
            Enricher = enricher,
            Rule = verdict.Rule,
            RuleVersion = verdict.RuleVersion,
            Value = verdict.Value,
            Threshold = verdict.Threshold,
            Verdict = verdict.Verdict == QualityOutcome.Warn ? "warn" : "pass",
        });
}
