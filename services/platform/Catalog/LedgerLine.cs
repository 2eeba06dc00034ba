namespace Assay.Platform.Catalog;

/// <summary>A row of the view <c>ledger</c>: one source and day. Seen = classified + rejected + in flight, always.</summary>
public sealed class LedgerLine
{
    /// <summary>The configured source.</summary>
    public required string Source { get; init; }

    /// <summary>The day of ingestion (UTC), <c>yyyy-MM-dd</c>.</summary>
    public required string Day { get; init; }

    /// <summary>Images taken in.</summary>
    public required long Seen { get; init; }

    /// <summary>Images with a label.</summary>
    public required long Classified { get; init; }

    /// <summary>Images that a stage refused.</summary>
    public required long Rejected { get; init; }

    /// <summary>Images on their way.</summary>
    public required long InFlight { get; init; }
}
