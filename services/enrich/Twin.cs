using System.Text.Json;
using Assay.Contracts;
using Assay.Platform.Catalog;
using Assay.Platform.Objects;
using Microsoft.EntityFrameworkCore;

namespace Assay.Enrich;

/// <summary>What was found out about an image with the same bytes.</summary>
internal static class Twin
{
    /// <summary>
    /// The sidecar of the image's twin; null if it has none, or none that this enricher made from the same recipe's silver image: then there is
    /// nothing to take over. Neither is there when the sidecar cannot be read, which is no reason to hold this image up.
    /// </summary>
    public static async Task<Sidecar?> FindTwinAsync(
        this CatalogContext catalog, IObjectStore objects, ImageCleansed image, string enricher, CancellationToken cancellationToken)
    {
        if (image.TwinOf is not { } other)
            return null;
        var twin = await catalog.Enrichments.AsNoTracking()
            .FirstOrDefaultAsync(x => x.ImageId == other && x.Recipe == image.Recipe && x.Enricher == enricher, cancellationToken);
        if (twin is null)
            return null;
        try
        {
            var sidecar = Sidecar.Parse(await objects.ReadUpToAsync(twin.GoldBucket, twin.SidecarKey, Sidecar.MaxBytes, cancellationToken));
            // Its key is that of the image alone: another recipe or enricher may have written over it since.
            return sidecar.Raw.Sha256 == image.Bronze.Sha256 && sidecar.Cleansed.Recipe == image.Recipe && sidecar.Enricher == enricher ? sidecar : null;
        }
        catch (Exception exception) when (exception is ObjectMissingException or InvalidDataException or JsonException)
        {
            return null;
        }
    }
}
