namespace Assay.Platform.Catalog.Facts;

/// <summary>
/// A stage could not finish a message: what failed, why, and the message itself, so that it can be replayed. A message that is replayed and
/// fails again is another row of the same series: its history stays. Written by the stage that failed, and by <c>steward</c> for what never reached one.
/// </summary>
public sealed class FailureFact
{
    /// <summary>This failure.</summary>
    public required Guid Id { get; init; }

    /// <summary>The first failure of this message: its own id, or the one that it was replayed from.</summary>
    public required Guid Series { get; init; }

    /// <summary>How often this message has failed, counted from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The stage.</summary>
    public required string Stage { get; init; }

    /// <summary>The queue that the message came from, and goes back to.</summary>
    public required string Queue { get; init; }

    /// <summary>The message's type, for instance <c>ImageIngested</c>; empty where it cannot be read.</summary>
    public required string Message { get; init; }

    /// <summary>The image, where the message is about one and can be read.</summary>
    public Guid? ImageId { get; init; }

    /// <summary>What the image is: its media type where that is known, else its name's extension; empty for neither.</summary>
    public required string Format { get; init; }

    /// <summary>The type of the exception, or what happened instead of one: <c>delivery-limit</c>, <c>overdue</c>, <c>no-consumer</c>.</summary>
    public required string Exception { get; init; }

    /// <summary>What the exception said, for a person.</summary>
    public required string Detail { get; init; }

    /// <summary>Where in the code, for a developer.</summary>
    public string? Trace { get; init; }

    /// <summary>Whether trying again by itself may help. It does not for a message that cannot be read.</summary>
    public required bool Retryable { get; init; }

    /// <summary>The message as it came, byte for byte.</summary>
    public required byte[] Body { get; init; }

    /// <summary>What the message's bytes are.</summary>
    public string? ContentType { get; init; }

    /// <summary>When. UTC.</summary>
    public required DateTime FailedAt { get; init; }

    /// <summary>The same as another failure of its series.</summary>
    public FailureFact As(Guid id, int attempt) => new()
    {
        Id = id,
        Series = Series,
        Attempt = attempt,
        Stage = Stage,
        Queue = Queue,
        Message = Message,
        ImageId = ImageId,
        Format = Format,
        Exception = Exception,
        Detail = Detail,
        Trace = Trace,
        Retryable = Retryable,
        Body = Body,
        ContentType = ContentType,
        FailedAt = FailedAt,
    };
}
