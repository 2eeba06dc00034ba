namespace Assay.Platform.Catalog.Facts;

/// <summary>A stage refused an image for good: one row per image and stage. Written by the stage that refused.</summary>
public sealed class RejectionFact
{
    /// <summary>The image.</summary>
    public required Guid ImageId { get; init; }

    /// <summary>The stage that refused it.</summary>
    public required string Stage { get; init; }

    /// <summary>One of <see cref="Contracts.RejectionReason"/>.</summary>
    public required string Reason { get; init; }

    /// <summary>One sentence for a person.</summary>
    public required string Detail { get; init; }

    /// <summary>Bucket of the copy in quarantine.</summary>
    public required string QuarantineBucket { get; init; }

    /// <summary>Key of the copy in quarantine.</summary>
    public required string QuarantineKey { get; init; }

    /// <summary>When. UTC.</summary>
    public required DateTime RejectedAt { get; init; }
}
