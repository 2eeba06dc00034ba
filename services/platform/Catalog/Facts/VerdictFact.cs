namespace Assay.Platform.Catalog.Facts;

/// <summary>What a person says an image shows. It counts more than any model's answer to the same question; the newest one counts. Written by <c>assay labels set</c>.</summary>
public sealed class VerdictFact
{
    /// <summary>A new one for each.</summary>
    public required Guid Id { get; init; }

    /// <summary>The image.</summary>
    public required Guid ImageId { get; init; }

    /// <summary>The name of the models that answer the same question.</summary>
    public required string Model { get; init; }

    /// <summary>What it shows.</summary>
    public required string Label { get; init; }

    /// <summary>Who says so.</summary>
    public required string Reviewer { get; init; }

    /// <summary>Why, in the reviewer's words.</summary>
    public string? Reason { get; init; }

    /// <summary>The prediction that the reviewer saw; null where no model had answered.</summary>
    public Guid? PredictionId { get; init; }

    /// <summary>When. UTC.</summary>
    public required DateTime DecidedAt { get; init; }
}
