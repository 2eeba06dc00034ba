using Assay.Platform.Catalog;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded.Verify;

/// <summary>Whose objects are read: the newest images, and as many at random. The images are asked about one after the other, each once.</summary>
internal sealed class ImageSample
{
    private readonly HashSet<Guid> newest;
    private long left;
    private long wanted;

    private ImageSample(HashSet<Guid> newest, long left, long wanted) => (this.newest, this.left, this.wanted) = (newest, left, wanted);

    /// <summary>A sample of so many images; of all if null.</summary>
    public static async Task<ImageSample> DrawAsync(CatalogContext catalog, int? size, CancellationToken cancellationToken)
    {
        if (size is not { } images)
            return new ImageSample([], long.MaxValue, long.MaxValue);
        var newest = await catalog.Images.OrderByDescending(image => image.IngestedAt).ThenBy(image => image.Id).Select(image => image.Id).Take((images + 1) / 2).ToHashSetAsync(cancellationToken);
        return new ImageSample(newest, await catalog.Images.LongCountAsync(cancellationToken) - newest.Count, images - newest.Count);
    }

    /// <summary>Whether the next image belongs to it.</summary>
    public bool Next(Guid id)
    {
        if (newest.Contains(id))
            return true;
        // Selection sampling (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S). Images that came in since the count are beyond the last.
        if (left <= 0 || Random.Shared.NextInt64(left--) >= wanted)
            return false;
        wanted--;
        return true;
    }
}
