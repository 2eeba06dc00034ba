using System.ComponentModel.DataAnnotations;
using Assay.Platform.Catalog;

namespace Assay.Enrich;

/// <summary>The settings of the enrich stage. How the thresholds were chosen: docs/quality.md.</summary>
public sealed class EnrichOptions : IValidatableObject
{
    /// <summary>Whether to keep where a picture was taken. Default: no, for it is often somebody's home.</summary>
    public bool KeepGps { get; set; }

    /// <summary>The longest text kept from an image's metadata, in UTF-16 units. Default 500.</summary>
    /// <value>UTF-16 units</value>
    [Range(16, 10_000)]
    public int MaxTextLength { get; set; } = 500;

    /// <summary><c>too-small</c> warns when the original's shorter side is below this many pixels. Default 64.</summary>
    /// <value>pixels</value>
    [Range(0, 100_000)]
    public int MinShorterSide { get; set; } = 64;

    /// <summary><c>extreme-aspect-ratio</c> warns when longer ÷ shorter side is above this. Default 4.</summary>
    /// <value>ratio</value>
    [Range(1, 100_000)]
    public double MaxAspectRatio { get; set; } = 4;

    /// <summary><c>blurred</c> warns when the sharpness (variance of the Laplacian) is below this. Default 100.</summary>
    /// <value>variance</value>
    [Range(0, 100_000)]
    public double MinSharpness { get; set; } = 100;

    /// <summary><c>too-dark</c> warns when the mean luma is below this. Default 0.1.</summary>
    /// <value>share of white</value>
    [Range(0, 1)]
    public double MinBrightness { get; set; } = 0.1;

    /// <summary><c>too-bright</c> warns when the mean luma is above this. Default 0.98.</summary>
    /// <value>share of white</value>
    [Range(0, 1)]
    public double MaxBrightness { get; set; } = 0.98;

    /// <summary><c>low-contrast</c> warns when the standard deviation of the luma is below this. Default 0.05.</summary>
    /// <value>share of white</value>
    [Range(0, 0.5)]
    public double MinContrast { get; set; } = 0.05;

    /// <summary><c>near-uniform</c> warns when more than this share of the pixels has nearly the same luma. Default 0.99.</summary>
    /// <value>share of pixels</value>
    [Range(0, 1)]
    public double MaxUniformity { get; set; } = 0.99;

    /// <summary>
    /// <c>near-duplicate</c> warns when the perceptual hash differs from another image's in fewer bits than this. Default 6; 0: never. At most 8,
    /// because images that differ in more than 7 bits are not looked for.
    /// </summary>
    /// <value>bits</value>
    [Range(0, NearDuplicates.Reach + 1)]
    public int MinDistance { get; set; } = 6;

    /// <summary>Names of the rules whose warning rejects the image. Default: none; checks inform, people decide.</summary>
    public IReadOnlyList<string> BlockingRules { get; set; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        BlockingRules.Except(QualityChecks.Rules).Select(rule => new ValidationResult(
            $"BlockingRules names '{rule}', which is no quality rule. The rules are: {string.Join(", ", QualityChecks.Rules)}.",
            [nameof(BlockingRules)]));
}
