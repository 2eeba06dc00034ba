using Assay.Platform.Catalog;
using Microsoft.EntityFrameworkCore;

namespace Assay.Steward;

/// <summary>Gives failed messages back after pauses that grow with each failure, as long as it may help.</summary>
public sealed class Redelivery(CatalogContext catalog, Replay replay, TimeProvider clock, StewardOptions options)
{
    /// <summary>Gives back what is due, at most a batch. Returns how many messages that were.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var given = 0;
        for (var attempt = 1; attempt <= options.Tries && given < options.Batch; attempt++)
        {
            var (failures, before) = (attempt, clock.GetCatalogTime() - options.PauseAfter(attempt));
            var due = catalog.OpenFailures.Where(failure => failure.Retryable && failure.Attempt == failures && failure.FailedAt <= before);
            // Queue by queue: of one that is not there everything stays, and nothing else waits for it.
            var queues = await catalog.Failures.Where(failure => due.Any(one => one.Id == failure.Id)).Select(failure => failure.Queue).Distinct().ToListAsync(cancellationToken);
            foreach (var queue in queues)
            {
                var batch = await due.Where(one => catalog.Failures.Any(failure => failure.Id == one.Id && failure.Queue == queue))
                    .OrderBy(failure => failure.FailedAt).Select(failure => failure.Id).Take(options.Batch - given).ToListAsync(cancellationToken);
                given += batch.Count == 0 ? 0 : await replay.GiveBackAsync(batch, Replay.Steward, cancellationToken);
            }
        }
        return given;
    }
}
