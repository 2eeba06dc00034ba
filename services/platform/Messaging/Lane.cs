using MassTransit;

namespace Assay.Platform.Messaging;

/// <summary>
/// The two lanes of a stage. What comes fresh has the stage's own queue; bulk work (a backfill, replays) has another, <c>{stage}-bulk</c>, with a share of
/// the workers, so that however much of it waits, a fresh image does not wait behind it. A header says that a message is bulk, and every stage passes it on.
/// </summary>
public static class Lane
{
    /// <summary>The header of bulk messages. Its value is not looked at.</summary>
    public const string Header = "Assay-Bulk";

    private const string Suffix = "-bulk";

    /// <summary>The queue of a stage's bulk work.</summary>
    public static string BulkQueueOf(string stage) => stage + Suffix;

    /// <summary>
    /// Where to send bulk work of a stage: to the exchange that the queue is bound to. Who sends to a queue by its name declares it, too, and without the stage's arguments.
    /// </summary>
    public static Uri BulkAddressOf(string stage) => new($"exchange:{BulkQueueOf(stage)}");

    /// <summary>The stage that a queue belongs to: queues are named after their stages.</summary>
    public static string StageOf(string queue) => queue.EndsWith(Suffix, StringComparison.Ordinal) ? queue[..^Suffix.Length] : queue;

    /// <summary>The stage that a message is delivered to.</summary>
    public static string StageOf(ReceiveContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return StageOf(QueueOf(context));
    }

    /// <summary>The queue that a message comes from.</summary>
    public static string QueueOf(ReceiveContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.InputAddress.Segments[^1];
    }

    /// <summary>Whether a message is bulk work.</summary>
    public static bool IsBulk(this ConsumeContext context) => context.Headers.TryGetHeader(Header, out _);

    /// <summary>Says that a message is bulk work.</summary>
    public static void MarkAsBulk(this SendContext context) => context.Headers.Set(Header, true);
}
