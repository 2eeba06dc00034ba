using Assay.Contracts;
using Assay.Platform.Messaging;
using MassTransit;

namespace Assay.Ingest;

/// <summary>Hints that an object has landed, in the lane that its source has.</summary>
internal static class Hints
{
    private static readonly string Stage = new IngestStage().Name;
    private static readonly Uri Bulk = Lane.BulkAddressOf(Stage);

    /// <summary>The queue in which a source's hints wait.</summary>
    public static string QueueOf(LandingSource source) => source.Bulk ? Lane.BulkQueueOf(Stage) : Stage;

    /// <summary>Gives a hint. A backfill's goes straight to the queue of bulk work: a hundred thousand of them must not pass through the other one.</summary>
    public static Task HintAsync<T>(this T bus, LandingSource source, string key, CancellationToken cancellationToken)
        where T : IPublishEndpoint, ISendEndpointProvider
    {
        var hint = new ObjectLanded(source.Name, source.Bucket, key);
        // While the bus waits for a broker that says nothing it does not listen to the token.
        return (source.Bulk ? SendAsync(bus, hint, cancellationToken) : bus.Publish(hint, cancellationToken)).WaitAsync(cancellationToken);
    }

    private static async Task SendAsync(ISendEndpointProvider bus, ObjectLanded hint, CancellationToken cancellationToken)
    {
        var queue = await bus.GetSendEndpoint(Bulk);
        await queue.Send(hint, message => message.MarkAsBulk(), cancellationToken);
    }
}
