using Assay.Contracts;
using MassTransit;

namespace Assay.Platform.Messaging;

/// <summary>Says which queue is missing where the broker gives back what a stage announces because no queue wants it; the broker itself does not say.</summary>
internal static class NameMissingQueue
{
    // From what a stage consumes follows what it announces, and so who is to take that. What is not listed are notifications of an S3 server.
    private static readonly Dictionary<Type, string> NextQueues = new()
    {
        [typeof(ObjectLanded)] = "preprocess",
        [typeof(ImageIngested)] = "enrich",
        [typeof(ImageCleansed)] = "classify",
        [typeof(ImageEnriched)] = "classify-shadow",
    };

    /// <summary>To be called before the outbox is added: it is what publishes.</summary>
    public static void UseNamesOfMissingQueues(this IConsumePipeConfigurator endpoint) => _ = new Observer(endpoint);

    private sealed class Observer(IConsumePipeConfigurator endpoint) : OutsideOutbox(endpoint)
    {
        protected override IFilter<ConsumeContext<T>> NewFilter<T>() => new Filter<T>();
    }

    private sealed class Filter<T> : IFilter<ConsumeContext<T>> where T : class
    {
        public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
        {
            try
            {
                await next.Send(context);
            }
            catch (MessageReturnedException returned)
            {
                throw new QueueMissingException(NextQueues.GetValueOrDefault(typeof(T), "ingest"), returned);
            }
        }

        public void Probe(ProbeContext context) => context.CreateFilterScope("nameMissingQueue");
    }
}
