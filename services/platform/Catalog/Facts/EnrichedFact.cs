using Assay.Contracts;
using Assay.Platform.Objects;

namespace Assay.Platform.Catalog.Facts;

/// <summary>What is known about an image was gathered and gold was written: one row per image, recipe and enricher. Written by <c>enrich</c>.</summary>
public sealed class EnrichedFact
{
    /// <summary>The image.</summary>
    public required Guid ImageId { get; init; }

    /// <summary>The recipe of the silver image it was made from.</summary>
    public required string Recipe { get; init; }

    /// <summary>The version of the enricher.</summary>
    public required string Enricher { get; init; }

    /// <summary>Camera, lens, exposure … as JSON (<c>jsonb</c> in PostgreSQL).</summary>
    public required string Metadata { get; init; }

    /// <summary>The camera's time, as it wrote it: without an offset it is local time of an unknown place.</summary>
    public DateTime? CapturedAt { get; init; }

    /// <summary>64-bit perceptual hash (DCT), as a signed number because both databases have only those.</summary>
    public required long PerceptualHash { get; init; }

    /// <summary>Variance of the Laplacian; see docs/quality.md.</summary>
    public required double Sharpness { get; init; }

    /// <summary>Mean luma, 0 (black) to 1 (white).</summary>
    public required double Brightness { get; init; }

    /// <summary>Standard deviation of luma, 0 to 0.5.</summary>
    public required double Contrast { get; init; }

    /// <summary>Entropy of the luma histogram in bits, 0 to 8.</summary>
    public required double Entropy { get; init; }

    /// <summary>Bucket of the gold image and its sidecar.</summary>
    public required string GoldBucket { get; init; }

    /// <summary>Key of the gold image.</summary>
    public required string GoldKey { get; init; }

    /// <summary>Key of the sidecar.</summary>
    public required string SidecarKey { get; init; }

    /// <summary>Size of the gold image in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Lower-case hex SHA-256 of the gold image.</summary>
    public required string Sha256 { get; init; }

    /// <summary>When. UTC.</summary>
    public required DateTime EnrichedAt { get; init; }

    /// <summary>The image with the same bytes whose metadata and measurements were taken over; null where this image was examined.</summary>
    public Guid? TwinOf { get; init; }

    /// <summary>The gold image's reference.</summary>
    public ObjectReference Gold => new(Layer.Gold, GoldBucket, GoldKey, Bytes, Sha256);
}
