using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded.Models;

/// <summary>What became of a model's versions, and how much each has answered.</summary>
/// <param name="Changes">Their transitions, the oldest first.</param>
/// <param name="Answers">How many answers there are of each package, by its SHA-256.</param>
internal sealed record ModelHistory(IReadOnlyList<ModelTransitionFact> Changes, IReadOnlyDictionary<string, long> Answers)
{
    /// <summary>Reads it.</summary>
    public static async Task<ModelHistory> ReadAsync(CatalogContext catalog, string name, CancellationToken cancellationToken) => new(
        await catalog.ModelTransitions.AsNoTracking().Where(change => change.Name == name).OrderBy(change => change.Number).ToListAsync(cancellationToken),
        await catalog.Predictions.Where(fact => fact.Model == name).GroupBy(fact => fact.PackageSha256)
            .Select(group => new { group.Key, Count = group.LongCount() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken));
}
