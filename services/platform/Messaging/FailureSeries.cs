using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Microsoft.EntityFrameworkCore;

namespace Assay.Platform.Messaging;

/// <summary>How failures become rows.</summary>
public static class FailureSeries
{
    /// <summary>
    /// Keeps a failure, unless it is known and waits. The same message may come again from outside after it was replayed; then this is the next failure of its series.
    /// </summary>
    public static async Task AppendFailureAsync(this CatalogContext catalog, FailureFact failure, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(failure);
        while (!await catalog.AppendAsync([failure], cancellationToken))
        {
            var last = await catalog.Failures.AsNoTracking().Where(one => one.Series == failure.Series).OrderByDescending(one => one.Attempt)
                .Select(one => new { one.Id, one.Attempt }).FirstAsync(cancellationToken);
            if (!await catalog.Replays.AnyAsync(replay => replay.FailureId == last.Id, cancellationToken))
                return;
            failure = failure.As(ImageIdentity.Derive(failure.Series, $"{last.Attempt + 1}"), last.Attempt + 1);
        }
    }
}
