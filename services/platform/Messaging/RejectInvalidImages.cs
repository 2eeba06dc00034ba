using Assay.Contracts;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Objects;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Assay.Platform.Messaging;

/// <summary>
/// Turns an <see cref="InvalidImageException"/> of any consumer into a rejection: a copy in quarantine, a fact, an event; and the message is done.
/// In the order of principle 5 (object, fact, event), so that a second delivery finds what the first one did.
/// </summary>
/// <typeparam name="T">The event that was being consumed.</typeparam>
public sealed partial class RejectInvalidImages<T>(
    CatalogContext catalog, IObjectStore objects, ObjectsOptions layers, TimeProvider clock, ILogger<RejectInvalidImages<T>> log) : IFilter<ConsumeContext<T>>
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
        var quarantine = image.Bronze with
        {
            Layer = Layer.Quarantine,
            Bucket = layers.BucketOf(Layer.Quarantine),
            Key = Layer.QuarantineKey(image.ImageId, stage, refusal.Reason, image.Origin.RawName),
        };
        await objects.CopyAsync(image.Bronze.Bucket, image.Bronze.Key, quarantine.Bucket, quarantine.Key, context.CancellationToken);
        var now = clock.GetCatalogTime();
        await catalog.AppendAsync([new RejectionFact
        {
            ImageId = image.ImageId,
            Stage = stage,
            Reason = refusal.Reason,
            Detail = refusal.Detail,
            QuarantineBucket = quarantine.Bucket,
            QuarantineKey = quarantine.Key,
            RejectedAt = now,
        }], context.CancellationToken);
        LogRejected(image.ImageId, stage, refusal.Reason, refusal.Detail);
        await context.PublishNextAsync(new ImageRejected(image.ImageId, image.Origin, image.Bronze, stage, refusal.Reason, refusal.Detail, quarantine, now));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {ImageId} rejected by {Stage}: {Reason}. {Detail}")]
    private partial void LogRejected(Guid imageId, string stage, string reason, string detail);
}
