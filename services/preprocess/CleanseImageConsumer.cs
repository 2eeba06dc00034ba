using Assay.Contracts;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Objects;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Assay.Preprocess;

/// <summary>Bronze to silver: reads the original, makes the harmonised copy, writes it, records the fact, announces it.</summary>
public sealed class CleanseImageConsumer(
    IObjectStore objects, CatalogContext catalog, SilverTransform transform, ObjectsOptions layers, TimeProvider clock) : IConsumer<ImageIngested>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<ImageIngested> context)
    {
        var image = context.Message;
        var recipe = transform.Recipe.Version;
        var fact = await catalog.Cleansed.AsNoTracking()
            .FirstOrDefaultAsync(x => x.ImageId == image.ImageId && x.Recipe == recipe, context.CancellationToken)
            ?? await CleanseAsync(image, recipe, context.CancellationToken);
        await context.Publish(
            new ImageCleansed(
                image.ImageId, image.Origin, image.Bronze, fact.MediaType, new PixelSize(fact.RawWidth, fact.RawHeight),
                fact.Silver, new PixelSize(fact.Width, fact.Height), fact.Recipe, fact.CleansedAt),
            context.CancellationToken);
    }

    private async Task<CleansedFact> CleanseAsync(ImageIngested image, string recipe, CancellationToken cancellationToken)
    {
        transform.RequireSize(image.Bronze.Bytes);
        var original = await objects.ReadAllAsync(image.Bronze, cancellationToken);
        var copy = transform.Apply(original, cancellationToken);
        var silver = await objects.WriteAllAsync(
            Layer.Silver, layers.BucketOf(Layer.Silver), Layer.SilverKey(image.ImageId, recipe), copy.Jpeg, "image/jpeg", cancellationToken);
        var fact = new CleansedFact
        {
            ImageId = image.ImageId,
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
            CleansedAt = clock.GetCatalogTime(),
        };
        await catalog.AppendAsync([fact], cancellationToken);
        return fact;
    }
}
