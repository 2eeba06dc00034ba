namespace Assay.Platform.Catalog;

/// <summary>A row of the view <c>failure_groups</c>: what failed in the same way and waits.</summary>
public sealed class FailureGroup
{
    /// <summary>The stage.</summary>
    public required string Stage { get; init; }

    /// <summary>The type of the exception.</summary>
    public required string Exception { get; init; }

    /// <summary>What the images are.</summary>
    public required string Format { get; init; }

    /// <summary>How many messages wait.</summary>
    public required long Waiting { get; init; }

    /// <summary>When the first of them failed for the first time. UTC.</summary>
    public required DateTime FirstSeen { get; init; }

    /// <summary>When one of them failed last. UTC.</summary>
    public required DateTime LastSeen { get; init; }
}
