namespace Assay.Platform.Catalog;

/// <summary>
/// A row of the view <c>ledger</c>: one source and day. Seen = classified + rejected + in flight; where it is not, facts are there of images that
/// are not, which have a row of their own.
/// </summary>
public sealed class LedgerLine
{
    /// <summary>The source of facts whose image is not in the catalog.</summary>
    public const string Unknown = "(unknown)";

    /// <summary>The configured source, or <see cref="Unknown"/>.</summary>
    public required string Source { get; init; }

    /// <summary>The day of ingestion (UTC), <c>yyyy-MM-dd</c>.</summary>
    public required string Day { get; init; }

    /// <summary>Images taken in.</summary>
    public required long Seen { get; init; }

    /// <summary>Images with a label.</summary>
    public required long Classified { get; init; }

    /// <summary>Images that a stage refused. Why: <see cref="LedgerRejections"/>.</summary>
    public required long Rejected { get; init; }

    /// <summary>Images on their way: the sum of the next three.</summary>
    public required long InFlight { get; init; }

    /// <summary>Images that wait for <c>preprocess</c>, or are in its hands.</summary>
    public required long InPreprocess { get; init; }

    /// <summary>Images that wait for <c>enrich</c>, or are in its hands.</summary>
    public required long InEnrich { get; init; }

    /// <summary>Images that wait for <c>classify</c>, or are in its hands.</summary>
    public required long InClassify { get; init; }

    /// <summary>When the image that has been on its way for longest was taken in. UTC; null when none is.</summary>
    public DateTime? OldestInFlight { get; init; }

    /// <summary>Seen less classified, rejected and in flight: 0, or part of the catalog is missing.</summary>
    public required long Difference { get; init; }
}

/// <summary>A row of the view <c>ledger_rejections</c>: the rejected images of one source and day that have the same reason.</summary>
public sealed class LedgerRejections
{
    /// <summary>The configured source.</summary>
    public required string Source { get; init; }

    /// <summary>The day of ingestion (UTC), <c>yyyy-MM-dd</c>.</summary>
    public required string Day { get; init; }

    /// <summary>The reason code.</summary>
    public required string Reason { get; init; }

    /// <summary>How many images.</summary>
    public required long Count { get; init; }
}
