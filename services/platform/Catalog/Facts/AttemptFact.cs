namespace Assay.Platform.Catalog.Facts;

/// <summary>A process that had been given an image alone died of it: one row per death. Written by the stage whose process it was.</summary>
public sealed class AttemptFact
{
    /// <summary>The image.</summary>
    public required Guid ImageId { get; init; }

    /// <summary>The stage.</summary>
    public required string Stage { get; init; }

    /// <summary>Counts the deaths of this image in this stage, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>How the process ended, for instance <c>signal 11 (SIGSEGV)</c>.</summary>
    public required string Ended { get; init; }

    /// <summary>When. UTC.</summary>
    public required DateTime AttemptedAt { get; init; }
}
