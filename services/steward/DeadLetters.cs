using Assay.Platform.Catalog;
using Assay.Platform.Messaging;

namespace Assay.Steward;

/// <summary>
/// Brings what the broker has put aside, because it came back too often, among the failures. Workers that were killed twenty times with it in hand are the usual
/// cause; then nothing is wrong with it, and it is given back after a pause.
/// </summary>
public sealed class DeadLetters(CatalogContext catalog, Broker broker, TimeProvider clock, StewardOptions options)
{
    /// <summary>Takes at most a batch. Returns how many it took.</summary>
    public Task<int> TakeAsync(CancellationToken cancellationToken) => broker.UseAsync(async connection =>
    {
        if (await Broker.WaitingAsync(connection, BusRegistration.DeadLetterQueue, cancellationToken) == 0)
            return 0;
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var taken = 0;
        while (taken < options.Batch && await Broker.TakeAsync(channel, BusRegistration.DeadLetterQueue, cancellationToken) is var (message, tag))
        {
            var failure = message.ToFact(
                "delivery-limit", "The broker has delivered it too often, and no worker came to its end with it: they were killed, or something is wrong with it.",
                trace: null, retryable: true, clock.GetCatalogTime());
            await catalog.AppendAsync([failure], cancellationToken);
            await channel.BasicAckAsync(tag, multiple: false, cancellationToken);
            taken++;
        }
        return taken;
    }, cancellationToken);
}
