using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Assay.Platform.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Assay.Platform.Catalog;

/// <summary>
/// The ledger as gauges of the meter <see cref="MeterName"/>: <c>assay.ledger.images</c> (images since the beginning, by <c>source</c> and <c>state</c>, rejected ones by
/// <c>reason</c> as well), <c>assay.ledger.in_flight</c> (images, by <c>stage</c>), <c>assay.ledger.oldest_in_flight</c> (seconds since it was taken in; 0 when none is
/// in flight) and <c>assay.ledger.difference</c> (images; anything but 0 is an alert). It is read at intervals and not when somebody looks, so that many who look
/// cost no more than one. While it cannot be read the gauges have no values.
/// </summary>
public sealed partial class LedgerMetrics : BackgroundService
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Assay";

    /// <summary>How often the ledger is read unless told otherwise.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(30);

    // Of millions of images the ledger takes seconds to read: at most a tenth of the time is spent on it.
    private const int Rest = 9;

    private readonly IServiceScopeFactory scopes;
    private readonly TimeProvider clock;
    private readonly ILogger<LedgerMetrics> log;
    private readonly TimeSpan interval;
    private volatile Reading? latest;

    /// <summary>Makes the gauges. They get values once it runs.</summary>
    /// <param name="scopes">Where a <see cref="CatalogContext"/> comes from.</param>
    /// <param name="meters">Makes the meter.</param>
    /// <param name="clock">Tells ages and waits.</param>
    /// <param name="log">Is told when the ledger cannot be read.</param>
    /// <param name="interval">How often to read the ledger; <see cref="DefaultInterval"/> if null.</param>
    public LedgerMetrics(IServiceScopeFactory scopes, IMeterFactory meters, TimeProvider clock, ILogger<LedgerMetrics> log, TimeSpan? interval = null)
    {
        (this.scopes, this.clock, this.log, this.interval) = (scopes, clock, log, interval ?? DefaultInterval);
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("assay.ledger.images", Images, "{image}", "Images by source and by what became of them: seen, classified, rejected and why, in flight.");
        meter.CreateObservableGauge("assay.ledger.in_flight", InFlight, "{image}", "Images on their way, by the stage that they wait for.");
        meter.CreateObservableGauge("assay.ledger.oldest_in_flight", OldestInFlight, "s", "How long the image that has been on its way for longest has been so.");
        meter.CreateObservableGauge("assay.ledger.difference", Difference, "{image}", "Images seen, less classified, rejected and in flight: anything but 0 is an alert.");
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                latest = await ReadAsync(stoppingToken);
            }
#pragma warning disable CA1031 // Whatever it runs into (the catalog away, most often) costs nothing but the metrics until the next reading.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                latest = null;
                LogUnread(CauseOf(exception));
            }
            await Task.Delay(PauseAfter(started, interval), clock, stoppingToken);
        }
    }

    /// <summary>How long to leave the catalog alone after it has been read, so that at most a tenth of the time is spent on it.</summary>
    /// <param name="started">When the reading began: <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="interval">How long at least.</param>
    public static TimeSpan PauseAfter(long started, TimeSpan interval)
    {
        var pause = Stopwatch.GetElapsedTime(started) * Rest;
        return pause > interval ? pause : interval;
    }

    /// <summary>What to say of a reading that failed: a sentence where a server is away or refuses, everything that is known where it is a surprise.</summary>
    public static string CauseOf(Exception exception) =>
        exception is DbException || Retries.IsServerAway(exception) ? exception.GetBaseException().Message : exception.ToString();

    private async Task<Reading> ReadAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var catalog = scope.ServiceProvider.GetRequiredService<CatalogContext>();
        var lines = await catalog.Ledger.ToListAsync(cancellationToken);
        var rejections = await catalog.LedgerRejections.GroupBy(line => new { line.Source, line.Reason })
            .Select(lines => new { lines.Key.Source, lines.Key.Reason, Count = lines.Sum(line => line.Count) }).ToListAsync(cancellationToken);
        // A day is what they rose by: the days of years would be as many series.
        IReadOnlyList<Measurement<long>> images =
        [
            .. lines.GroupBy(line => line.Source).SelectMany(source => new[]
            {
                Count(source.Sum(line => line.Seen), source.Key, "seen"), Count(source.Sum(line => line.Classified), source.Key, "classified"), Count(source.Sum(line => line.InFlight), source.Key, "in-flight"),
            }),
            .. rejections.Select(rejected => Count(rejected.Count, rejected.Source, "rejected", new KeyValuePair<string, object?>("reason", rejected.Reason))),
        ];
        return new Reading(
            images, lines.Sum(line => line.InPreprocess), lines.Sum(line => line.InEnrich), lines.Sum(line => line.InClassify),
            lines.Min(line => line.OldestInFlight), lines.Sum(line => line.Difference));
    }

    private static Measurement<long> Count(long images, string source, string state, params IEnumerable<KeyValuePair<string, object?>> more) =>
        new(images, [new("source", source), new("state", state), .. more]);

    private IEnumerable<Measurement<long>> Images() => latest?.Images ?? [];

    private IEnumerable<Measurement<long>> InFlight() => latest is not { } reading ? [] :
    [
        new(reading.InPreprocess, new KeyValuePair<string, object?>("stage", "preprocess")),
        new(reading.InEnrich, new KeyValuePair<string, object?>("stage", "enrich")),
        new(reading.InClassify, new KeyValuePair<string, object?>("stage", "classify")),
    ];

    private IEnumerable<Measurement<double>> OldestInFlight() => latest is not { } reading ? [] :
        [new(reading.OldestInFlight is { } oldest ? Math.Max(0, (clock.GetUtcNow().UtcDateTime - oldest).TotalSeconds) : 0)];

    private IEnumerable<Measurement<long>> Difference() => latest is not { } reading ? [] : [new(reading.Difference)];

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ledger cannot be read, its metrics have no values: {Cause}")]
    private partial void LogUnread(string cause);

    private sealed record Reading(IReadOnlyList<Measurement<long>> Images, long InPreprocess, long InEnrich, long InClassify, DateTime? OldestInFlight, long Difference);
}
