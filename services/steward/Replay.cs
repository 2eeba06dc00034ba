using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Microsoft.EntityFrameworkCore;
using RabbitMQ.Client.Exceptions;

namespace Assay.Steward;

/// <summary>Gives failed messages back to their queues. What has failed keeps its history: another failure is another row of the same series.</summary>
public sealed partial class Replay(CatalogContext catalog, Broker broker, TimeProvider clock, ILogger<Replay> log)
{
    /// <summary>Who asks when nobody does.</summary>
    public const string Steward = "steward";

    /// <summary>Who asks when a person does.</summary>
    public const string Operator = "operator";

    /// <summary>Gives them back. Returns how many it did: one that somebody else has given back in the meantime is not given back twice, and one whose queue is not there or full waits.</summary>
    public Task<int> GiveBackAsync(IReadOnlyList<Guid> failures, string who, CancellationToken cancellationToken) => broker.UseAsync(async connection =>
    {
        var given = 0;
        foreach (var id in failures)
        {
            if (await catalog.Replays.AnyAsync(replay => replay.FailureId == id, cancellationToken))
                continue;
            var failure = await catalog.Failures.AsNoTracking().SingleAsync(x => x.Id == id, cancellationToken);
            // The message first: giving it twice does no harm, forgetting it would.
            try
            {
                var trace = await catalog.Images.Where(image => image.Id == failure.ImageId).Select(image => image.TraceParent).FirstOrDefaultAsync(cancellationToken);
                await Broker.GiveBackAsync(connection, failure, trace, cancellationToken);
            }
            catch (PublishException exception)
            {
                // It stays where it is; those behind it do not wait for it.
                LogRefused(exception, failure.Id, failure.Queue);
                continue;
            }
            await catalog.AppendAsync([new ReplayFact { FailureId = id, ReplayedBy = who, ReplayedAt = clock.GetCatalogTime() }], cancellationToken);
            given++;
        }
        return given;
    }, cancellationToken);

    [LoggerMessage(Level = LogLevel.Error, Message = "Failure {FailureId} cannot be given back: the queue '{Queue}' is not there or does not take it. 'assay setup' makes the queues of this version")]
    private partial void LogRefused(Exception exception, Guid failureId, string queue);
}
