using System.Diagnostics;
using System.Diagnostics.Metrics;
using Assay.Platform.Catalog;
using Assay.Platform.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Assay.Steward;

/// <summary>
/// What waits, as gauges beside <see cref="LedgerMetrics"/>: <c>assay.queue.depth</c> (messages, by <c>queue</c>), <c>assay.failures.open</c> (messages, by
/// <c>stage</c>) and <c>assay.review.backlog</c> (images, by <c>model</c>). Read at intervals; while one of them cannot be read it has no values.
/// </summary>
internal sealed partial class BacklogMetrics : BackgroundService
{
    private static readonly string[] Stages = ["ingest", "preprocess", "enrich", "classify"];

    private static readonly string[] Queues =
        [.. Stages, .. Stages.Select(Lane.BulkQueueOf), "s3-events", "classify-shadow", BusRegistration.DeadLetterQueue];

    private readonly IServiceScopeFactory scopes;
    private readonly Broker broker;
    private readonly TimeProvider clock;
    private readonly StewardOptions options;
    private readonly ILogger<BacklogMetrics> log;
    private volatile IReadOnlyList<Measurement<long>> depths = [], failures = [], reviews = [];

    /// <summary>Makes the gauges. They get values once it runs.</summary>
    public BacklogMetrics(IServiceScopeFactory scopes, Broker broker, IMeterFactory meters, TimeProvider clock, StewardOptions options, ILogger<BacklogMetrics> log)
    {
        (this.scopes, this.broker, this.clock, this.options, this.log) = (scopes, broker, clock, options, log);
        var meter = meters.Create(LedgerMetrics.MeterName);
        meter.CreateObservableGauge("assay.queue.depth", () => depths, "{message}", "Messages that wait in a queue, without those that workers have in hand.");
        meter.CreateObservableGauge("assay.failures.open", () => failures, "{message}", "Messages that failed and wait (assay failures), by stage.");
        meter.CreateObservableGauge("assay.review.backlog", () => reviews, "{image}", "Images whose label a person should look at (assay labels review), by model.");
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken) => await await Task.WhenAny(ReadWaitingAsync(stoppingToken), ReadDoubtsAsync(stoppingToken));

    private async Task ReadWaitingAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            depths = await ReadAsync("queues", ReadDepthsAsync, stoppingToken);
            failures = await ReadAsync("failures", ReadFailuresAsync, stoppingToken);
            await Task.Delay(options.Interval, clock, stoppingToken);
        }
    }

    // Of millions of images these take seconds, which nothing else must wait for.
    private async Task ReadDoubtsAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var started = Stopwatch.GetTimestamp();
            reviews = await ReadAsync("doubtful labels", ReadReviewsAsync, stoppingToken);
            await Task.Delay(LedgerMetrics.PauseAfter(started, options.Interval), clock, stoppingToken);
        }
    }

    private async Task<IReadOnlyList<Measurement<long>>> ReadAsync(
        string what, Func<CancellationToken, Task<IReadOnlyList<Measurement<long>>>> read, CancellationToken stoppingToken)
    {
        try
        {
            return await read(stoppingToken);
        }
#pragma warning disable CA1031 // Whatever it runs into (a server away, most often) costs nothing but these metrics until the next reading.
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogUnread(what, LedgerMetrics.CauseOf(exception));
            return [];
        }
    }

    private Task<IReadOnlyList<Measurement<long>>> ReadDepthsAsync(CancellationToken cancellationToken) => broker.UseAsync<IReadOnlyList<Measurement<long>>>(async connection =>
    {
        var found = new List<Measurement<long>>();
        foreach (var queue in Queues)
        {
            if (await connection.FindQueueAsync(queue, cancellationToken) is { } state)
                found.Add(new(state.MessageCount, new KeyValuePair<string, object?>("queue", queue)));
        }
        return found;
    }, cancellationToken);

    // A stage without failures has 0, and not no value.
    private async Task<IReadOnlyList<Measurement<long>>> ReadFailuresAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var counts = await scope.ServiceProvider.GetRequiredService<CatalogContext>().OpenFailures
            .GroupBy(failure => failure.Stage).Select(stage => new { Stage = stage.Key, Count = stage.LongCount() }).ToDictionaryAsync(stage => stage.Stage, stage => stage.Count, cancellationToken);
        return [.. Stages.Union(counts.Keys).Select(stage => new Measurement<long>(counts.GetValueOrDefault(stage), new KeyValuePair<string, object?>("stage", stage)))];
    }

    // Of an active model about which nobody doubts anything it is 0.
    private async Task<IReadOnlyList<Measurement<long>>> ReadReviewsAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var catalog = scope.ServiceProvider.GetRequiredService<CatalogContext>();
        var active = await catalog.ModelStates.Where(state => state.State == ModelState.Active).Select(state => state.Name).ToListAsync(cancellationToken);
        var counts = await catalog.NeedsReview.GroupBy(doubtful => doubtful.Model).Select(model => new { Model = model.Key, Count = model.LongCount() })
            .ToDictionaryAsync(model => model.Model, model => model.Count, cancellationToken);
        return [.. active.Union(counts.Keys).Select(model => new Measurement<long>(counts.GetValueOrDefault(model), new KeyValuePair<string, object?>("model", model)))];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {What} cannot be read, their metrics have no values: {Cause}")]
    private partial void LogUnread(string what, string cause);
}
