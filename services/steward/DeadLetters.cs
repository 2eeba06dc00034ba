using Assay.Platform.Catalog;
using Assay.Platform.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Assay.Steward;

/// <summary>
/// Brings what the broker has put aside, because it came back too often, among the failures. Workers that were killed twenty times with it in hand are the usual
/// cause; then nothing is wrong with it, and it is given back after a pause.
/// </summary>
public sealed partial class DeadLetters(CatalogContext catalog, Broker broker, TimeProvider clock, StewardOptions options, ILogger<DeadLetters> log)
{
    /// <summary>Takes at most a batch. Returns how many it took.</summary>
    public Task<int> TakeAsync(CancellationToken cancellationToken) => broker.UseAsync(async connection =>
    {
        if (await connection.WaitingAsync(BusRegistration.DeadLetterQueue, cancellationToken) == 0)
            return 0;
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var (taken, refused) = (0, 0);
        while (taken + refused < options.Batch && await Broker.TakeAsync(channel, BusRegistration.DeadLetterQueue, cancellationToken) is var (message, tag))
        {
            // Where it came from nobody knows if it was put there by hand: then there is no queue to give it back to.
            var failure = message.ToFact(
                "delivery-limit", "The broker has delivered it too often, and no worker came to its end with it: they were killed, or something is wrong with it.",
                trace: null, retryable: message.Queue.Length > 0, clock.GetCatalogTime());
            try
            {
                await catalog.AppendFailureAsync(failure, cancellationToken);
            }
            catch (DbUpdateException exception) when (!Retries.IsServerAway(exception))
            {
                // It goes back when the channel closes; those behind it do not wait for it.
                LogRefused(exception, message.Queue, message.MessageId);
                refused++;
                continue;
            }
            await channel.BasicAckAsync(tag, multiple: false, cancellationToken);
            taken++;
        }
        return taken;
    }, cancellationToken);

    [LoggerMessage(Level = LogLevel.Error, Message = "A dead letter of {Queue} (message {MessageId}) cannot be recorded; it stays in the queue dead-letter")]
    private partial void LogRefused(Exception exception, string queue, string? messageId);
}
