namespace Assay.Platform.Catalog.Facts;

/// <summary>The outcome of one quality rule for one image. Written by <c>enrich</c> together with its <see cref="EnrichedFact"/>.</summary>
public sealed class QualityFact
{
    /// <summary>The image.</summary>
    public required Guid ImageId { get; init; }

    /// <summary>The recipe of the silver image that was judged.</summary>
    public required string Recipe { get; init; }

    /// <summary>The version of the enricher that judged.</summary>
    public required string Enricher { get; init; }

    /// <summary>The rule, e.g. <c>blurred</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>The rule's version: what it computes changes only with this.</summary>
    public required int RuleVersion { get; init; }

    /// <summary>What was measured.</summary>
    public required double Value { get; init; }

    /// <summary>What it was held against.</summary>
    public required double Threshold { get; init; }

    /// <summary><c>pass</c> or <c>warn</c>.</summary>
    public required string Verdict { get; init; }
}
