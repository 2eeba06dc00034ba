using Assay.Contracts;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Objects;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Assay.Platform.Messaging;

/// <summary>
/// Turns an <see cref="InvalidImageException"/> of any consumer into a rejection: a copy in quarantine, a fact, an event; and the message is done.
/// In the order of principle 5 (object, fact, event), so that a second delivery finds what the first one did.
/// </summary>
/// <typeparam name="T">The event that was being consumed.</typeparam>
public sealed class RejectInvalidImages<T>(
    CatalogContext catalog, IObjectStore objects, ObjectsOptions layers, TimeProvider clock) : IFilter<ConsumeContext<T>>
    where T : class, IImageEvent
{
    /// <inheritdoc/>
    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        try
        {
            await next.Send(context);
        }
        catch (InvalidImageException refusal)
        {
            await RejectAsync(context, refusal);
            // A consumer that threw has not consumed: without this the bus would keep the message as one that nobody wanted.
            await context.NotifyConsumed(context, context.ReceiveContext.ElapsedTime, TypeCache<RejectInvalidImages<T>>.ShortName);
        }
    }

    /// <inheritdoc/>
    public void Probe(ProbeContext context) => context.CreateFilterScope("rejectInvalidImages");

    private async Task RejectAsync(ConsumeContext<T> context, InvalidImageException refusal)
    {
        var image = context.Message;
        var stage = Lane.StageOf(context.ReceiveContext);
        // Limits may have changed since: what was recorded first stays true, and its copy is the only one.
        var rejection = await FindAsync(image.ImageId, stage, context.CancellationToken) ?? await RecordAsync(image, stage, refusal, context.CancellationToken);
        var quarantine = image.Bronze with { Layer = Layer.Quarantine, Bucket = rejection.QuarantineBucket, Key = rejection.QuarantineKey };
        context.ReportRejection(rejection.Reason, rejection.Detail);
        await context.PublishNextAsync(
            new ImageRejected(image.ImageId, image.Origin, image.Bronze, stage, rejection.Reason, rejection.Detail, quarantine, rejection.RejectedAt));
    }

    private Task<RejectionFact?> FindAsync(Guid imageId, string stage, CancellationToken cancellationToken) =>
        catalog.Rejections.AsNoTracking().FirstOrDefaultAsync(x => x.ImageId == imageId && x.Stage == stage, cancellationToken);

    private async Task<RejectionFact> RecordAsync(T image, string stage, InvalidImageException refusal, CancellationToken cancellationToken)
    {
        var rejection = new RejectionFact
        {
            ImageId = image.ImageId,
            Stage = stage,
            Reason = refusal.Reason,
            Detail = refusal.Detail,
            QuarantineBucket = layers.BucketOf(Layer.Quarantine),
            QuarantineKey = Layer.QuarantineKey(image.ImageId, stage, refusal.Reason, image.Origin.RawName),
            RejectedAt = clock.GetCatalogTime(),
        };
        await objects.CopyAsync(image.Bronze.Bucket, image.Bronze.Key, rejection.QuarantineBucket, rejection.QuarantineKey, cancellationToken);
        if (await catalog.AppendAsync([rejection], cancellationToken))
            return rejection;
        // Somebody else was first.
        return await FindAsync(image.ImageId, stage, cancellationToken) ?? throw new InvalidOperationException($"The rejection of {image.ImageId} by {stage} is in the catalog and cannot be found there.");
    }
}
