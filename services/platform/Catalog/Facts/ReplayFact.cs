namespace Assay.Platform.Catalog.Facts;

/// <summary>A failed message was given back to its queue: once per failure, whoever asked for it. Written by <c>steward</c> and <c>assay failures replay</c>.</summary>
public sealed class ReplayFact
{
    /// <summary>The failure.</summary>
    public required Guid FailureId { get; init; }

    /// <summary>Who asked for it: <c>steward</c> or <c>operator</c>.</summary>
    public required string ReplayedBy { get; init; }

    /// <summary>When. UTC.</summary>
    public required DateTime ReplayedAt { get; init; }
}
