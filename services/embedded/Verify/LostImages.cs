using Assay.Platform.Catalog;

namespace Assay.Embedded.Verify;

/// <summary>The ledger's difference, by name.</summary>
internal static class LostImages
{
    /// <summary>Images of which the catalog has results, and which it has not taken in: part of it is lost.</summary>
    public static IQueryable<Guid> FindLostImages(this CatalogContext catalog)
    {
        IQueryable<Guid> Lost(IQueryable<Guid> facts) => facts.Where(id => !catalog.Images.Any(image => image.Id == id));
        return Lost(catalog.Cleansed.Select(fact => fact.ImageId))
            .Union(Lost(catalog.Enrichments.Select(fact => fact.ImageId)))
            .Union(Lost(catalog.Predictions.Select(fact => fact.ImageId)))
            .Union(Lost(catalog.Rejections.Select(fact => fact.ImageId)));
    }
}
