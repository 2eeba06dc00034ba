using Assay.Contracts;
using Assay.Platform.Objects;

namespace Assay.Enrich;

/// <summary>What the quality rules look at.</summary>
/// <param name="RawName">The file name as the uploader wrote it.</param>
/// <param name="DeclaredType">The media type that the uploader declared, if any.</param>
/// <param name="MediaType">What the original's bytes are.</param>
/// <param name="RawSize">The original's size, upright.</param>
/// <param name="Measurements">What was measured on the silver image.</param>
/// <param name="CapturedAt">When the picture was taken, if it says so.</param>
/// <param name="NearestDistance">The perceptual hash's distance to the nearest other image; 64 where none is within reach.</param>
public sealed record QualityInput(
    string RawName, string? DeclaredType, string MediaType, PixelSize RawSize, Measurements Measurements, DateTime? CapturedAt, int NearestDistance);

/// <summary>Quality rules: each compares one value with one threshold and says pass or warn. They never block by themselves.</summary>
public static class QualityChecks
{
    /// <summary>The one rule that looks at other images. Its verdict depends on what was there first, and so stands in the catalog but in no sidecar.</summary>
    public const string NearDuplicate = "near-duplicate";

    private static readonly Rule[] All =
    [
        Rule.Below("too-small", 1, i => Math.Min(i.RawSize.Width, i.RawSize.Height), o => o.MinShorterSide),
        Rule.Above("extreme-aspect-ratio", 1, i => AspectRatio(i.RawSize), o => o.MaxAspectRatio),
        Rule.Below("blurred", 1, i => i.Measurements.Sharpness, o => o.MinSharpness),
        Rule.Below("too-dark", 1, i => i.Measurements.Brightness, o => o.MinBrightness),
        Rule.Above("too-bright", 1, i => i.Measurements.Brightness, o => o.MaxBrightness),
        Rule.Below("low-contrast", 1, i => i.Measurements.Contrast, o => o.MinContrast),
        Rule.Above("near-uniform", 1, i => i.Measurements.Uniformity, o => o.MaxUniformity),
        // Yes-or-no rules: 1 is yes, and warns.
        Rule.Above("type-mismatch", 1, i => DeclaredType.Contradicts(i.RawName, i.DeclaredType, i.MediaType) ? 1 : 0, _ => 0),
        Rule.Above("missing-capture-time", 1, i => i.CapturedAt is null ? 1 : 0, _ => 0),
        Rule.Below(NearDuplicate, 1, i => i.NearestDistance, o => o.MinDistance),
    ];

    /// <summary>The names of all rules.</summary>
    public static IReadOnlyList<string> Rules { get; } = [.. All.Select(rule => rule.Name)];

    /// <summary>Asks every rule; one verdict each, in the order of <see cref="Rules"/>.</summary>
    public static IReadOnlyList<QualityVerdict> Judge(QualityInput input, EnrichOptions options) => [.. All.Select(rule => rule.Judge(input, options))];

    /// <summary>The warnings that the operator wants to reject the image; empty unless <see cref="EnrichOptions.BlockingRules"/> names their rules.</summary>
    public static IReadOnlyList<QualityVerdict> Blocking(IEnumerable<QualityVerdict> verdicts, EnrichOptions options) =>
        [.. verdicts.Where(v => v.Verdict == QualityOutcome.Warn && options.BlockingRules.Contains(v.Rule))];

    private static double AspectRatio(PixelSize size) =>
        Math.Round((double)Math.Max(size.Width, size.Height) / Math.Max(1, Math.Min(size.Width, size.Height)), 4);

    private sealed record Rule(string Name, int Version, Func<QualityInput, double> Value, Func<EnrichOptions, double> Threshold, Func<double, double, bool> Warns)
    {
        public static Rule Below(string name, int version, Func<QualityInput, double> value, Func<EnrichOptions, double> threshold) =>
            new(name, version, value, threshold, static (v, t) => v < t);

        public static Rule Above(string name, int version, Func<QualityInput, double> value, Func<EnrichOptions, double> threshold) =>
            new(name, version, value, threshold, static (v, t) => v > t);

        public QualityVerdict Judge(QualityInput input, EnrichOptions options)
        {
            var (value, threshold) = (Value(input), Threshold(options));
            return new(Name, Version, value, threshold, Warns(value, threshold) ? QualityOutcome.Warn : QualityOutcome.Pass);
        }
    }
}
