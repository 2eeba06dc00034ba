using Assay.Platform.Catalog;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded.Verify;

/// <summary>The ledger's difference, by name.</summary>
internal static class LostImages
{
    /// <summary>Images of which the catalog has results, and which it has not taken in: part of it is lost.</summary>
    public static IQueryable<Guid> FindLostImages(this CatalogContext catalog) => catalog.FindLost(facts => facts);

    /// <summary>Whether an image is one of them.</summary>
    public static Task<bool> HasLostAsync(this CatalogContext catalog, Guid image, CancellationToken cancellationToken) =>
        catalog.FindLost(facts => facts.Where(id => id == image)).AnyAsync(cancellationToken);

    private static IQueryable<Guid> FindLost(this CatalogContext catalog, Func<IQueryable<Guid>, IQueryable<Guid>> some)
    {
        IQueryable<Guid> Lost(IQueryable<Guid> facts) => some(facts).Where(id => !catalog.Images.Any(image => image.Id == id));
        return Lost(catalog.Cleansed.Select(fact => fact.ImageId))
            .Union(Lost(catalog.Enrichments.Select(fact => fact.ImageId)))
            .Union(Lost(catalog.Predictions.Select(fact => fact.ImageId)))
            .Union(Lost(catalog.Rejections.Select(fact => fact.ImageId)));
    }
}
