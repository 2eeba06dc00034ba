using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Microsoft.EntityFrameworkCore;

namespace Assay.Steward;

/// <summary>Gives failed messages back to their queues. What has failed keeps its history: another failure is another row of the same series.</summary>
public sealed class Replay(CatalogContext catalog, Broker broker, TimeProvider clock)
{
    /// <summary>Who asks when nobody does.</summary>
    public const string Steward = "steward";

    /// <summary>Who asks when a person does.</summary>
    public const string Operator = "operator";

    /// <summary>Gives them back. Returns how many it did: one that somebody else has given back in the meantime is not given back twice.</summary>
    /// <exception cref="RabbitMQ.Client.Exceptions.PublishException">A queue is not there, or does not take a message; those before it are given back.</exception>
    public Task<int> GiveBackAsync(IReadOnlyList<Guid> failures, string who, CancellationToken cancellationToken) => broker.UseAsync(async connection =>
    {
        var given = 0;
        foreach (var id in failures)
        {
            if (await catalog.Replays.AnyAsync(replay => replay.FailureId == id, cancellationToken))
                continue;
            var failure = await catalog.Failures.AsNoTracking().SingleAsync(x => x.Id == id, cancellationToken);
            // The message first: giving it twice does no harm, forgetting it would.
            await Broker.GiveBackAsync(connection, failure, cancellationToken);
            await catalog.AppendAsync([new ReplayFact { FailureId = id, ReplayedBy = who, ReplayedAt = clock.GetCatalogTime() }], cancellationToken);
            given++;
        }
        return given;
    }, cancellationToken);
}
