using Assay.Contracts;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;

namespace Assay.Enrich;

/// <summary>What an image's bytes say: the same for everyone who looks, whatever the file is called and whatever else is in the catalog.</summary>
/// <param name="Metadata">What the original says about itself.</param>
/// <param name="Measurements">What was measured on the silver image.</param>
public sealed record Observations(ImageMetadata Metadata, Measurements Measurements);

/// <summary>What the enricher found out about one image.</summary>
/// <param name="Metadata">What the original says about itself.</param>
/// <param name="Measurements">What was measured on the silver image.</param>
/// <param name="Verdicts">What every quality rule says.</param>
public sealed record Findings(ImageMetadata Metadata, Measurements Measurements, IReadOnlyList<QualityVerdict> Verdicts);

/// <summary>From an original and its silver image to everything that is known about them: first what the bytes say, then what the rules say to that. Safe for concurrent use.</summary>
public sealed class Enricher(EnrichOptions options)
{
    private readonly MetadataReader metadata = new(options);

    /// <summary>Stands in every fact. Raised whenever the code finds other things in the same bytes; positions are another version, because they are kept on request only.</summary>
    public string Version { get; } = options.KeepGps ? "2-gps" : "2";

    /// <summary>Reads and measures: bytes in, observations out.</summary>
    /// <param name="bronze">The original's bytes.</param>
    /// <param name="mediaType">What they are, as the preprocess stage found.</param>
    /// <param name="silver">The silver image's bytes.</param>
    public Observations Examine(byte[] bronze, string mediaType, byte[] silver) => new(metadata.Read(bronze, mediaType), Measures.Of(silver));

    /// <summary>Asks the quality rules.</summary>
    /// <param name="image">The event: what is known already.</param>
    /// <param name="seen">What the bytes say.</param>
    /// <param name="nearestDistance">The perceptual hash's distance to the nearest other image.</param>
    /// <exception cref="InvalidImageException">A rule that the operator has made blocking warns.</exception>
    public Findings Judge(ImageCleansed image, Observations seen, int nearestDistance)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(seen);
        var (said, measured) = seen;
        var verdicts = QualityChecks.Judge(
            new QualityInput(image.Origin.RawName, image.Origin.DeclaredType, image.MediaType, image.RawSize, measured, said.CapturedAt, nearestDistance), options);
        if (QualityChecks.Blocking(verdicts, options) is { Count: > 0 } blocking)
            throw new InvalidImageException(RejectionReason.LowQuality, $"Blocking quality rules warn: {string.Join(", ", blocking.Select(Describe))}.");
        return new Findings(said, measured, verdicts);
    }

    private static string Describe(QualityVerdict verdict) => FormattableString.Invariant($"{verdict.Rule} ({verdict.Value}, threshold {verdict.Threshold})");
}
