using System.Diagnostics;
using Assay.Contracts;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Objects;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Assay.Classify;

/// <summary>Gold to prediction: asks the model, completes the sidecar, records the prediction, announces it.</summary>
public sealed class ClassifyImageConsumer(
    IObjectStore objects, CatalogContext catalog, ModelPackage package, ImageClassifier classifier, TimeProvider clock) : IConsumer<ImageEnriched>
{
    private const int MaxSidecarBytes = 1 << 20;

    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<ImageEnriched> context)
    {
        var image = context.Message;
        var id = package.PredictionId(image.ImageId, image.Recipe);
        var fact = await catalog.Predictions.AsNoTracking().FirstOrDefaultAsync(x => x.Id == id, context.CancellationToken)
            ?? await ClassifyAsync(image, context.CancellationToken);
        await context.Publish(
            new ImageClassified(
                image.ImageId, image.Origin, image.Bronze, image.Gold, package.Identity, fact.Label, fact.Confidence, fact.Accepted, fact.PredictedAt),
            context.CancellationToken);
    }

    private async Task<PredictionFact> ClassifyAsync(ImageEnriched image, CancellationToken cancellationToken)
    {
        var gold = await objects.ReadAllAsync(image.Gold, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        var prediction = classifier.Classify(gold);
        var fact = prediction.ToFact(package, image, Stopwatch.GetElapsedTime(started), clock.GetCatalogTime());
        await CompleteSidecarAsync(image, fact, cancellationToken);
        await catalog.AppendAsync([fact], cancellationToken);
        return fact;
    }

    private async Task CompleteSidecarAsync(ImageEnriched image, PredictionFact fact, CancellationToken cancellationToken)
    {
        var sidecar = Sidecar.Parse(await objects.ReadUpToAsync(image.Gold.Bucket, image.SidecarKey, MaxSidecarBytes, cancellationToken))
            .WithClassification(new SidecarClassification(package.Identity, fact.Label, fact.Confidence, fact.Accepted, fact.PredictedAt));
        await objects.WriteAllAsync(Layer.Gold, image.Gold.Bucket, image.SidecarKey, sidecar.ToJson(), "application/json", cancellationToken);
    }
}
