namespace Assay.Platform.Catalog;

/// <summary>A model's answer that a person should look at, and nobody has yet: a row of the view <c>needs_review</c>.</summary>
public sealed class DoubtfulLabel
{
    /// <summary>The image.</summary>
    public required Guid ImageId { get; init; }

    /// <summary>The name of the models that answer the question.</summary>
    public required string Model { get; init; }

    /// <summary>What the active version says.</summary>
    public required string Label { get; init; }

    /// <summary>Its confidence, 0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>By how much the label's score exceeds the second, 0 to 1.</summary>
    public required double Margin { get; init; }

    /// <summary>How little the image resembles what the model has learnt; null where the model cannot tell.</summary>
    public double? Energy { get; init; }

    /// <summary>Why: of <see cref="Doubt"/>, separated by commas.</summary>
    public required string Reasons { get; init; }

    /// <summary>What the version that watches says instead; null where none contradicts.</summary>
    public string? OtherLabel { get; init; }

    /// <summary>That version.</summary>
    public string? OtherVersion { get; init; }

    /// <summary>The answer.</summary>
    public required Guid PredictionId { get; init; }

    /// <summary>When it was given. UTC.</summary>
    public required DateTime PredictedAt { get; init; }
}
