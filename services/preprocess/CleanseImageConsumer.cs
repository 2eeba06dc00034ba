using Assay.Contracts;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Assay.Preprocess;

/// <summary>Bronze to silver: reads the original, makes the harmonised copy, writes it, records the fact, announces it.</summary>
public sealed class CleanseImageConsumer(
    IObjectStore objects, CatalogContext catalog, CarefulTransform transform, ObjectsOptions layers, TimeProvider clock) : IConsumer<ImageIngested>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<ImageIngested> context)
    {
        var image = context.Message;
        var recipe = transform.Recipe.Version;
        var fact = await FindAsync(image.ImageId, recipe, context.CancellationToken)
            ?? await TakeOverAsync(image, recipe, context.CancellationToken)
            ?? await CleanseAsync(image, recipe, context.WasTriedBefore(), context.CancellationToken);
        await context.PublishNextAsync(new ImageCleansed(
            image.ImageId, image.Origin, image.Bronze, fact.MediaType, new PixelSize(fact.RawWidth, fact.RawHeight),
            fact.Silver, new PixelSize(fact.Width, fact.Height), fact.Recipe, fact.CleansedAt, image.TwinOf));
    }

    private Task<CleansedFact?> FindAsync(Guid imageId, string recipe, CancellationToken cancellationToken) =>
        catalog.Cleansed.AsNoTracking().FirstOrDefaultAsync(x => x.ImageId == imageId && x.Recipe == recipe, cancellationToken);

    private async Task<CleansedFact?> TakeOverAsync(ImageIngested image, string recipe, CancellationToken cancellationToken)
    {
        if (image.TwinOf is not { } other || await FindAsync(other, recipe, cancellationToken) is not { } twin)
            return null;
        var silver = twin.Silver with { Bucket = layers.BucketOf(Layer.Silver), Key = Layer.SilverKey(image.ImageId, recipe) };
        if (!await objects.TryCopyAsync(twin.Silver, silver, cancellationToken))
            return null;
        var fact = twin.TakenOverBy(image.ImageId, silver, clock.GetCatalogTime());
        await catalog.AppendAsync([fact], cancellationToken);
        return fact;
    }

    private async Task<CleansedFact> CleanseAsync(ImageIngested image, string recipe, bool wasTriedBefore, CancellationToken cancellationToken)
    {
        transform.RequireSize(image.Bronze.Bytes);
        var copy = await objects.UseOriginalAsync(
            image.Bronze, (raw, token) => transform.ApplyAsync(image.ImageId, wasTriedBefore, raw, token), cancellationToken);
        var silver = await objects.WriteAllAsync(
            Layer.Silver, layers.BucketOf(Layer.Silver), Layer.SilverKey(image.ImageId, recipe), copy.Jpeg, "image/jpeg", cancellationToken);
        var fact = copy.ToFact(image.ImageId, recipe, silver, clock.GetCatalogTime());
        await catalog.AppendAsync([fact], cancellationToken);
        return fact;
    }
}
