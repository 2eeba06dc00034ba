using System.Diagnostics;
using Assay.Contracts;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Assay.Classify;

/// <summary>Gold to prediction: asks the model, completes the sidecar, records the prediction, announces it.</summary>
public sealed class ClassifyImageConsumer(
    IObjectStore objects, CatalogContext catalog, ModelPackage package, ImageClassifier classifier, TimeProvider clock) : IConsumer<ImageEnriched>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<ImageEnriched> context)
    {
        var image = context.Message;
        var fact = await FindAsync(image.ImageId, image.Recipe, context.CancellationToken);
        // A gold image that was made again, by another enricher or by two workers at once, may have a sidecar that does not know the answer.
        if (fact is not null && await ReadSidecarAsync(image, context.CancellationToken) is { Classification: null } sidecar)
            await CompleteAsync(sidecar, image, fact, context.CancellationToken);
        fact ??= await ClassifyAsync(image, context.CancellationToken);
        await context.PublishNextAsync(new ImageClassified(
            image.ImageId, image.Origin, image.Bronze, image.Gold, package.Identity, fact.Label, fact.Confidence, fact.Accepted, fact.PredictedAt));
    }

    private Task<PredictionFact?> FindAsync(Guid imageId, string recipe, CancellationToken cancellationToken)
    {
        var id = package.PredictionId(imageId, recipe);
        return catalog.Predictions.AsNoTracking().FirstOrDefaultAsync(x => x.Id == id, cancellationToken);
    }

    private async Task<PredictionFact> ClassifyAsync(ImageEnriched image, CancellationToken cancellationToken)
    {
        // Scores are taken over; what they mean is decided anew, for thresholds may have changed.
        var twin = image.TwinOf is { } other ? await FindAsync(other, image.Recipe, cancellationToken) : null;
        var gold = twin is null ? await objects.ReadAllAsync(image.Gold, cancellationToken) : [];
        var started = Stopwatch.GetTimestamp();
        var prediction = twin is null ? classifier.Classify(gold) : Prediction.Of(twin.Scores, package.Manifest);
        var duration = twin is null ? Stopwatch.GetElapsedTime(started) : TimeSpan.Zero;
        var fact = prediction.ToFact(package, image, twin, duration, clock.GetCatalogTime());
        await CompleteAsync(await ReadSidecarAsync(image, cancellationToken), image, fact, cancellationToken);
        await catalog.AppendAsync([fact], cancellationToken);
        return fact;
    }

    private async Task<Sidecar> ReadSidecarAsync(ImageEnriched image, CancellationToken cancellationToken) =>
        Sidecar.Parse(await objects.ReadUpToAsync(image.Gold.Bucket, image.SidecarKey, Sidecar.MaxBytes, cancellationToken));

    private Task<ObjectReference> CompleteAsync(Sidecar sidecar, ImageEnriched image, PredictionFact fact, CancellationToken cancellationToken) =>
        objects.WriteAllAsync(
            Layer.Gold, image.Gold.Bucket, image.SidecarKey,
            sidecar.WithClassification(new SidecarClassification(package.Identity, fact.Label, fact.Confidence, fact.Accepted, fact.PredictedAt)).ToJson(),
            "application/json", cancellationToken);
}
