using System.Runtime.ExceptionServices;
using Assay.Classify.Registry;
using Assay.Contracts;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using MassTransit;

namespace Assay.Classify;

/// <summary>Gold to predictions: asks the active models, completes the sidecar, records the answers, announces them. Shadow models get the image afterwards.</summary>
public sealed class ClassifyImageConsumer(ActiveModels active, ShadowModels shadows, ModelAnswers answers, IObjectStore objects) : IConsumer<ImageEnriched>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<ImageEnriched> context)
    {
        var image = context.Message;
        using var lease = await active.BorrowAsync(context.CancellationToken);
        var (facts, fault) = await answers.AnswerAllAsync(lease, image, PredictionFact.Active, context.CancellationToken);
        await CompleteSidecarAsync(image, facts, context.CancellationToken);
        // One by one: another worker may have recorded one of them, but not all.
        List<PredictionFact> recorded = [];
        foreach (var fact in facts)
            recorded.Add(await answers.RecordAsync(fact, context.CancellationToken));
        // What comes back as it was given had not been there.
        if (recorded.Where((fact, i) => ReferenceEquals(fact, facts[i])).Any())
            Meters.ImageClassified(image.ImageId, context.IsBulk());
        // Who was second has written its own time into the sidecar, perhaps after the first.
        if (!recorded.Select(fact => fact.PredictedAt).SequenceEqual(facts.Select(fact => fact.PredictedAt)))
            await CompleteSidecarAsync(image, recorded, context.CancellationToken);
        if (fault is not null)
            ExceptionDispatchInfo.Throw(fault);
        foreach (var fact in recorded)
        {
            await context.PublishNextAsync(new ImageClassified(
                image.ImageId, image.Origin, image.Bronze, image.Gold, fact.Identity, fact.Label, fact.Confidence, fact.Accepted, fact.PredictedAt));
        }
        if (shadows.MayHaveAny)
            await context.ShowToAsync(ClassifyStage.ShadowQueue);
    }

    // A gold image that was made again, by another enricher or by two workers at once, may have a sidecar that does not know the answers.
    private async Task CompleteSidecarAsync(ImageEnriched image, List<PredictionFact> facts, CancellationToken cancellationToken)
    {
        var bytes = await objects.ReadUpToAsync(image.Gold.Bucket, image.SidecarKey, Sidecar.MaxBytes, cancellationToken);
        var complete = Sidecar.Parse(bytes).WithAnswers([.. facts.Select(fact => fact.ToSidecar())]).ToJson();
        if (!complete.AsSpan().SequenceEqual(bytes))
            await objects.WriteAllAsync(Layer.Gold, image.Gold.Bucket, image.SidecarKey, complete, "application/json", cancellationToken);
    }
}
