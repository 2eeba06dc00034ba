using System.Diagnostics;
using MassTransit;

namespace Assay.Platform.Messaging;

/// <summary>
/// The outbox sends when the consumer has returned, in the trace that the message came in. An image's trace may be another one: the uploader's, which only the landed
/// object names. So the outbox is in no trace, and what it sends goes on where its headers say (<see cref="NextStage"/>).
/// </summary>
internal static class DetachTraces
{
    /// <summary>To be called before the outbox is added.</summary>
    public static void UseDetachedTraces(this IConsumePipeConfigurator endpoint) => _ = new Observer(endpoint);

    /// <summary>The span in which a message came; null where nobody listens.</summary>
    public static Activity? DetachedTrace(this ConsumeContext context) => context.TryGetPayload(out Detached? detached) ? detached.Span : null;

    private sealed class Observer(IConsumePipeConfigurator endpoint) : OutsideOutbox(endpoint)
    {
        protected override IFilter<ConsumeContext<T>> NewFilter<T>() => new Filter<T>();
    }

    private sealed class Filter<T> : IFilter<ConsumeContext<T>> where T : class
    {
        public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
        {
            if (Activity.Current is { } span)
            {
                var detached = new Detached(span);
                context.AddOrUpdatePayload(() => detached, _ => detached);
                Activity.Current = null;
            }
            await next.Send(context);
        }

        public void Probe(ProbeContext context) => context.CreateFilterScope("detachTrace");
    }

    private sealed record Detached(Activity Span);
}
