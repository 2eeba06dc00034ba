namespace Assay.Platform.Catalog;

/// <summary>A row of the view <c>open_failures</c>: a message that failed, was not replayed since, and whose image has not ended since.</summary>
public sealed class OpenFailure
{
    /// <summary>The failure.</summary>
    public required Guid Id { get; init; }

    /// <summary>The first failure of the same message.</summary>
    public required Guid Series { get; init; }

    /// <summary>How often this message has failed.</summary>
    public required int Attempt { get; init; }

    /// <summary>The stage.</summary>
    public required string Stage { get; init; }

    /// <summary>The message's type.</summary>
    public required string Message { get; init; }

    /// <summary>The image, where it is about one.</summary>
    public Guid? ImageId { get; init; }

    /// <summary>What the image is.</summary>
    public required string Format { get; init; }

    /// <summary>The type of the exception.</summary>
    public required string Exception { get; init; }

    /// <summary>What it said.</summary>
    public required string Detail { get; init; }

    /// <summary>Whether it is tried again by itself.</summary>
    public required bool Retryable { get; init; }

    /// <summary>When this message failed for the first time. UTC.</summary>
    public required DateTime FirstFailedAt { get; init; }

    /// <summary>When it failed last. UTC.</summary>
    public required DateTime FailedAt { get; init; }
}
