using Assay.Contracts;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Assay.Enrich;

/// <summary>Silver to gold: gathers what can be known, copies the image, writes its sidecar, records the facts, announces it.</summary>
public sealed class EnrichImageConsumer(
    IObjectStore objects, CatalogContext catalog, CarefulEnricher enricher, ObjectsOptions layers, TimeProvider clock) : IConsumer<ImageCleansed>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<ImageCleansed> context)
    {
        var image = context.Message;
        var fact = await catalog.Enrichments.AsNoTracking()
            .FirstOrDefaultAsync(x => x.ImageId == image.ImageId && x.Recipe == image.Recipe && x.Enricher == enricher.Version, context.CancellationToken)
            ?? await EnrichAsync(image, context.WasTriedBefore(), context.CancellationToken);
        await context.PublishNextAsync(new ImageEnriched(
            image.ImageId, image.Origin, image.Bronze, fact.Gold, fact.SidecarKey, fact.Recipe, fact.Enricher, fact.EnrichedAt, image.TwinOf));
    }

    private async Task<EnrichedFact> EnrichAsync(ImageCleansed image, bool wasTriedBefore, CancellationToken cancellationToken)
    {
        var twin = await catalog.FindTwinAsync(objects, image, enricher.Version, cancellationToken);
        var seen = twin is null ? await ExamineAsync(image, wasTriedBefore, cancellationToken) : new Observations(twin.Metadata, twin.Quality.Measurements);
        var near = await catalog.FindNearDuplicatesAsync(image.ImageId, seen.Measurements.PerceptualHash, limit: 1, cancellationToken);
        var findings = enricher.Judge(image, seen, near is [var nearest] ? nearest.Distance : PerceptualHash.Bits);
        var now = clock.GetCatalogTime();
        var gold = image.Silver with { Layer = Layer.Gold, Bucket = layers.BucketOf(Layer.Gold), Key = Layer.GoldKey(image.ImageId) };
        await objects.CopyAsync(image.Silver.Bucket, image.Silver.Key, gold.Bucket, gold.Key, cancellationToken);
        var sidecar = findings.ToSidecar(image, gold, enricher.Version, now).ToJson();
        var sidecarKey = Layer.SidecarKey(image.ImageId);
        await objects.WriteAllAsync(Layer.Gold, gold.Bucket, sidecarKey, sidecar, "application/json", cancellationToken);
        var fact = findings.ToFact(image, gold, sidecarKey, enricher.Version, twin?.ImageId, now);
        await catalog.AppendAsync([fact, .. findings.ToQualityFacts(image, enricher.Version)], cancellationToken);
        return fact;
    }

    private Task<Observations> ExamineAsync(ImageCleansed image, bool wasTriedBefore, CancellationToken cancellationToken) =>
        objects.UseOriginalAsync(
            image.Bronze,
            async (bronze, token) => await enricher.ExamineAsync(image, wasTriedBefore, bronze, await objects.ReadAllAsync(image.Silver, token), token),
            cancellationToken);
}
