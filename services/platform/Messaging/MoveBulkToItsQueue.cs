using MassTransit;

namespace Assay.Platform.Messaging;

/// <summary>
/// Events are published to whoever listens, so that the next stage gets bulk work in its queue for fresh images first. From there it is only moved to the
/// other one, which takes a moment.
/// </summary>
/// <typeparam name="T">The event.</typeparam>
public sealed class MoveBulkToItsQueue<T> : IFilter<ConsumeContext<T>> where T : class
{
    /// <inheritdoc/>
    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        if (!context.IsBulk())
        {
            await next.Send(context);
            return;
        }
        await context.MoveToAsync(Lane.BulkAddressOf(Lane.StageOf(context.ReceiveContext)));
        await context.NotifyConsumed(context, context.ReceiveContext.ElapsedTime, TypeCache<MoveBulkToItsQueue<T>>.ShortName);
    }

    /// <inheritdoc/>
    public void Probe(ProbeContext context) => context.CreateFilterScope("moveBulkToItsQueue");
}
