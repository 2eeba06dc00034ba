namespace Assay.Platform.Catalog;

/// <summary>Why a person should look at what a model has answered.</summary>
public static class Doubt
{
    /// <summary>The confidence is below the package's threshold for the label.</summary>
    public const string LowConfidence = "low-confidence";

    /// <summary>The second label has nearly as much.</summary>
    public const string SmallMargin = "small-margin";

    /// <summary>The image resembles nothing that the model has learnt.</summary>
    public const string OutOfDistribution = "out-of-distribution";

    /// <summary>A version that watches says something else.</summary>
    public const string Disagreement = "disagreement";
}
