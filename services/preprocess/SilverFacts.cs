using Assay.Contracts;
using Assay.Platform.Catalog.Facts;

namespace Assay.Preprocess;

/// <summary>A harmonised copy as the catalog keeps it.</summary>
internal static class SilverFacts
{
    public static CleansedFact ToFact(this SilverImage copy, Guid imageId, string recipe, ObjectReference silver, DateTime cleansedAt) => new()
    {
        ImageId = imageId,
        Recipe = recipe,
        MediaType = copy.MediaType,
        RawWidth = copy.RawWidth,
        RawHeight = copy.RawHeight,
        Frames = copy.Frames,
        Width = copy.Width,
        Height = copy.Height,
        PixelSha256 = copy.PixelSha256,
        SilverBucket = silver.Bucket,
        SilverKey = silver.Key,
        Bytes = silver.Bytes,
        Sha256 = silver.Sha256,
        CleansedAt = cleansedAt,
    };

    /// <summary>The same result for another image with the same bytes.</summary>
    public static CleansedFact TakenOverBy(this CleansedFact twin, Guid imageId, ObjectReference silver, DateTime cleansedAt) => twin with
    {
        ImageId = imageId,
        SilverBucket = silver.Bucket,
        SilverKey = silver.Key,
        CleansedAt = cleansedAt,
        TwinOf = twin.ImageId,
    };
}
