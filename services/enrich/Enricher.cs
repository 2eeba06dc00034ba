using Assay.Contracts;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;

namespace Assay.Enrich;

/// <summary>What the enricher found out about one image.</summary>
/// <param name="Metadata">What the original says about itself.</param>
/// <param name="Measurements">What was measured on the silver image.</param>
/// <param name="Verdicts">What every quality rule says.</param>
public sealed record Findings(ImageMetadata Metadata, Measurements Measurements, IReadOnlyList<QualityVerdict> Verdicts);

/// <summary>From an original and its silver image to everything that is known about them: bytes in, findings out. Safe for concurrent use.</summary>
public sealed class Enricher(EnrichOptions options)
{
    private readonly MetadataReader metadata = new(options);

    /// <summary>Stands in every fact. Raised whenever the code finds other things in the same bytes; positions are another version, because they are kept on request only.</summary>
    public string Version { get; } = options.KeepGps ? "1-gps" : "1";

    /// <summary>Reads, measures and judges.</summary>
    /// <param name="image">The event: what is known already.</param>
    /// <param name="bronze">The original's bytes.</param>
    /// <param name="silver">The silver image's bytes.</param>
    /// <exception cref="InvalidImageException">A rule that the operator has made blocking warns.</exception>
    public Findings Examine(ImageCleansed image, byte[] bronze, byte[] silver)
    {
        ArgumentNullException.ThrowIfNull(image);
        var said = metadata.Read(bronze);
        var measured = Measures.Of(silver);
        var verdicts = QualityChecks.Judge(new QualityInput(image.Origin.RawName, image.MediaType, image.RawSize, measured, said.CapturedAt), options);
        if (QualityChecks.Blocking(verdicts, options) is { Count: > 0 } blocking)
            throw new InvalidImageException(RejectionReason.LowQuality, $"Blocking quality rules warn: {string.Join(", ", blocking.Select(Describe))}.");
        return new Findings(said, measured, verdicts);
    }

    private static string Describe(QualityVerdict verdict) => FormattableString.Invariant($"{verdict.Rule} ({verdict.Value}, threshold {verdict.Threshold})");
}
