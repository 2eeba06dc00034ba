namespace Assay.Platform.Catalog;

/// <summary>A row of the view <c>lineage</c>: one thing that happened to an image, beside the landing object it began with.</summary>
public sealed class LineageStep
{
    /// <summary>The image.</summary>
    public required Guid ImageId { get; init; }

    /// <summary>The configured source it came from.</summary>
    public required string Source { get; init; }

    /// <summary>The landing object's key, or the absolute path of a file.</summary>
    public required string RawPath { get; init; }

    /// <summary>The order of the stages; several recipes or models share a number.</summary>
    public required int Step { get; init; }

    /// <summary>The stage that did it.</summary>
    public required string Stage { get; init; }

    /// <summary>When. UTC.</summary>
    public required DateTime HappenedAt { get; init; }

    /// <summary>The layer it wrote to, if it wrote an object.</summary>
    public string? Layer { get; init; }

    /// <summary>The bucket it wrote to.</summary>
    public string? Bucket { get; init; }

    /// <summary>The key it wrote.</summary>
    public string? ObjectKey { get; init; }

    /// <summary>The written object's SHA-256; for a prediction the model's.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The landing object's version, the recipe, the enricher, the label or the reason.</summary>
    public required string Detail { get; init; }

    /// <summary>The image with the same bytes (ingest), or the one whose result was taken over instead of made again (the other stages).</summary>
    public Guid? TwinOf { get; init; }
}
