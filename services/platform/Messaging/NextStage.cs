using System.Diagnostics;
using MassTransit;
using MassTransit.Logging;

namespace Assay.Platform.Messaging;

/// <summary>How one stage announces its work to the next.</summary>
public static class NextStage
{
    // A publish that was on its way when the connection broke may never be confirmed. Giving up costs a second attempt, which finds the fact and publishes again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Publishes what follows from a message. If that was bulk work, or published again, so is this: nobody knows which stage did not come to its end.
    /// </summary>
    /// <param name="context">The message.</param>
    /// <param name="message">What follows.</param>
    /// <param name="traceParent">The trace in which it goes on; the present one if null.</param>
    /// <exception cref="OperationCanceledException">Nobody has confirmed it within 20 seconds. Where there is an outbox, it throws that, when the consumer has returned.</exception>
    public static Task PublishNextAsync<T>(this ConsumeContext context, T message, string? traceParent = null) where T : class
    {
        // Now: when the outbox sends, the consumer's span has ended.
        traceParent ??= Activity.Current?.Id;
        return context.Publish(message, next =>
        {
            if (context.WasPublishedAgain())
                next.MarkAsTriedBefore();
            if (context.IsBulk())
                next.MarkAsBulk();
            next.GoOnIn(traceParent);
        }, Deadline(context));
    }

    /// <summary>Says in which trace whoever gets a message goes on; nothing for null. What is sent from within a trace goes on there, whatever is said here.</summary>
    public static void GoOnIn(this SendContext message, string? traceParent)
    {
        if (traceParent is not null)
            message.Headers.Set(DiagnosticHeaders.ActivityId, traceParent);
    }

    /// <summary>Sends a message that a stage is done with to a queue beside the way.</summary>
    /// <param name="context">The message.</param>
    /// <param name="queue">The queue, which is there.</param>
    /// <exception cref="OperationCanceledException">As above.</exception>
    public static async Task ShowToAsync<T>(this ConsumeContext<T> context, string queue) where T : class
    {
        // The exchange before it: who sends to a queue by its name declares it, too, and without its arguments.
        var endpoint = await context.GetSendEndpoint(new Uri($"exchange:{queue}"));
        await endpoint.Send(context.Message, Deadline(context));
    }

    /// <summary>Moves a message as it is to another queue of its stage.</summary>
    /// <exception cref="TimeoutException">As above.</exception>
    public static Task MoveToAsync<T>(this ConsumeContext<T> context, Uri address) where T : class =>
        context.Forward(address).WaitAsync(Patience, context.CancellationToken);

    // Not disposed of: the outbox sends after the consumer has returned. Its timer ends by itself.
    private static CancellationToken Deadline(ConsumeContext context)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        deadline.CancelAfter(Patience);
        return deadline.Token;
    }
}
