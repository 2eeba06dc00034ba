using Assay.Platform.Catalog;
using Microsoft.EntityFrameworkCore;

namespace Assay.Steward;

/// <summary>Gives failed messages back after pauses that grow with each failure, as long as it may help.</summary>
public sealed class Redelivery(CatalogContext catalog, Replay replay, TimeProvider clock, StewardOptions options)
{
    /// <summary>Gives back what is due, at most a batch. Returns how many messages that were.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var due = new List<Guid>();
        for (var attempt = 1; attempt <= options.Tries && due.Count < options.Batch; attempt++)
        {
            var (failures, before) = (attempt, clock.GetCatalogTime() - options.PauseAfter(attempt));
            due.AddRange(await catalog.OpenFailures
                .Where(failure => failure.Retryable && failure.Attempt == failures && failure.FailedAt <= before)
                .OrderBy(failure => failure.FailedAt).Select(failure => failure.Id)
                .Take(options.Batch - due.Count).ToListAsync(cancellationToken));
        }
        return due.Count == 0 ? 0 : await replay.GiveBackAsync(due, Replay.Steward, cancellationToken);
    }
}
