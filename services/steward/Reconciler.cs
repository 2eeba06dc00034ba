using System.Text.Json;
using Assay.Contracts;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Assay.Steward;

/// <summary>
/// Finds images on their way that have had no new fact for too long, whatever the cause, and announces them again from the start: every stage skips what
/// it has done and passes on what it found. After enough tries an image is handed over to the failures, for a person.
/// </summary>
public sealed partial class Reconciler(
    CatalogContext catalog, Broker broker, IBus bus, Settled settled, TimeProvider clock, StewardOptions options, ILogger<Reconciler> log)
{
    private const string FirstStage = "preprocess";
    private static readonly string[] Stages = [FirstStage, "enrich", "classify"];

    // Facts are committed at about the time that they say; nobody is later than this.
    private static readonly TimeSpan LatestCommit = TimeSpan.FromHours(1);

    // What waits in a queue that is longer than this is late but not lost. If the queue stays long for ever, it is looked at all the same.
    private const int ShortQueue = 50;
    private static readonly TimeSpan LongestBacklog = TimeSpan.FromDays(1);

    private static readonly TimeSpan PublishPatience = TimeSpan.FromSeconds(20);

    /// <summary>Handles at most a batch of overdue images. Returns how many.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetCatalogTime();
        var overdue = await FindAsync(now, cancellationToken);
        foreach (var image in overdue)
        {
            if (image.Redrives < options.Tries)
                await RedriveAsync(image, cancellationToken);
            else
                await HandOverAsync(image, cancellationToken);
        }
        await SettleAsync(now, cancellationToken);
        return overdue.Count;
    }

    private async Task<List<Overdue>> FindAsync(DateTime now, CancellationToken cancellationToken)
    {
        var overdue = new List<Overdue>();
        var latest = now - options.Overdue;
        var candidates = InFlight().Where(image => image.IngestedAt <= latest && !catalog.OpenFailures.Any(failure => failure.ImageId == image.Id))
            .OrderBy(image => image.IngestedAt)
            .Select(image => new
            {
                image.Id,
                image.IngestedAt,
                image.Bulk,
                Cleansed = catalog.Cleansed.Where(x => x.ImageId == image.Id).Max(x => (DateTime?)x.CleansedAt),
                Enriched = catalog.Enrichments.Where(x => x.ImageId == image.Id).Max(x => (DateTime?)x.EnrichedAt),
                Redrives = catalog.Redrives.Count(x => x.ImageId == image.Id),
                Redriven = catalog.Redrives.Where(x => x.ImageId == image.Id).Max(x => (DateTime?)x.RedrivenAt),
                Replayed = catalog.Replays.Where(x => catalog.Failures.Any(f => f.Id == x.FailureId && f.ImageId == image.Id)).Max(x => (DateTime?)x.ReplayedAt),
            });
        HashSet<string>? longQueues = null;
        await foreach (var image in candidates.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            DateTime since = new[] { image.IngestedAt, image.Cleansed, image.Enriched, image.Redriven, image.Replayed }.Max()!.Value;
            if (now - since <= options.OverdueAfter(image.Redrives))
                continue;
            var stage = image.Enriched is not null ? Stages[2] : image.Cleansed is not null ? Stages[1] : Stages[0];
            longQueues ??= await LongQueuesAsync(cancellationToken);
            if (longQueues.Contains(image.Bulk ? Lane.BulkQueueOf(stage) : stage) && now - since < LongestBacklog)
                continue;
            overdue.Add(new Overdue(image.Id, stage, since, image.Redrives));
            if (overdue.Count == options.Batch)
                break;
        }
        return overdue;
    }

    private IQueryable<ImageFact> InFlight() => catalog.Images.AsNoTracking().Where(image => image.IngestedAt >= settled.Before
        && !catalog.Predictions.Any(x => x.ImageId == image.Id && x.Role == PredictionFact.Active)
        && !catalog.Rejections.Any(x => x.ImageId == image.Id));

    private Task<HashSet<string>> LongQueuesAsync(CancellationToken cancellationToken) => broker.UseAsync(async connection =>
    {
        var found = new HashSet<string>();
        foreach (var queue in Stages.SelectMany(stage => new[] { stage, Lane.BulkQueueOf(stage) }))
        {
            if (await connection.WaitingAsync(queue, cancellationToken) > ShortQueue)
                found.Add(queue);
        }
        return found;
    }, cancellationToken);

    private async Task RedriveAsync(Overdue overdue, CancellationToken cancellationToken)
    {
        var image = await catalog.Images.AsNoTracking().SingleAsync(x => x.Id == overdue.Id, cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(PublishPatience);
        await bus.Publish(image.ToEvent(), message =>
        {
            message.MarkAsTriedBefore();
            if (image.Bulk)
                message.MarkAsBulk();
            message.GoOnIn(image.TraceParent);
        }, patience.Token).WaitAsync(patience.Token);
        await catalog.AppendAsync(
            [new RedriveFact { ImageId = image.Id, Number = overdue.Redrives + 1, Stage = overdue.Stage, RedrivenAt = clock.GetCatalogTime() }], cancellationToken);
        Meters.CountRedrive(overdue.Stage);
        LogRedriven(image.Id, overdue.Stage, overdue.Since, overdue.Redrives + 1);
    }

    private async Task HandOverAsync(Overdue overdue, CancellationToken cancellationToken)
    {
        var image = await catalog.Images.AsNoTracking().SingleAsync(x => x.Id == overdue.Id, cancellationToken);
        var series = ImageIdentity.Derive(image.Id, "overdue");
        var attempt = 1 + await catalog.Failures.CountAsync(x => x.Series == series, cancellationToken);
        // As if the announcements before had said it.
        var headers = new Dictionary<string, bool> { [TriedBefore.Header] = true };
        if (image.Bulk)
            headers[Lane.Header] = true;
        var message = new { messageId = Guid.CreateVersion7(), messageType = new[] { "urn:message:" + $"{typeof(ImageIngested).Namespace}:{nameof(ImageIngested)}" }, headers, message = image.ToEvent() };
        var detail = $"{overdue.Stage} has recorded nothing since {overdue.Since:u}, though the image was announced again {overdue.Redrives} times. Does that stage run, and what does it log?";
        var kept = new FailedMessage(
            FirstStage, null, JsonSerializer.SerializeToUtf8Bytes(message, JsonSerializerOptions.Web), "application/vnd.masstransit+json", series, attempt - 1);
        await catalog.AppendAsync([kept.ToFact("overdue", detail, trace: null, retryable: false, clock.GetCatalogTime(), overdue.Stage)], cancellationToken);
        LogHandedOver(image.Id, overdue.Stage, overdue.Redrives);
    }

    private async Task SettleAsync(DateTime now, CancellationToken cancellationToken)
    {
        var oldest = await InFlight().MinAsync(image => (DateTime?)image.IngestedAt, cancellationToken);
        settled.Before = oldest is { } time && time < now - LatestCommit ? time : now - LatestCommit;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Image {ImageId} was waiting for {Stage} since {Since:u}; it is announced again, for the time number {Number}")]
    private partial void LogRedriven(Guid imageId, string stage, DateTime since, int number);

    [LoggerMessage(Level = LogLevel.Error, Message = "Image {ImageId} does not get through {Stage}: it was announced again {Number} times and is now among the failures (assay failures)")]
    private partial void LogHandedOver(Guid imageId, string stage, int number);

    private sealed record Overdue(Guid Id, string Stage, DateTime Since, int Redrives);
}
