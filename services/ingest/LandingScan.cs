using System.Collections.Concurrent;
using Assay.Platform.Catalog;
using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Assay.Ingest;

/// <summary>
/// Lists the landing buckets on schedule and gives a hint for everything that was never ingested. What was is known by key and version,
/// never by a time: clocks disagree, and slow uploads appear late with an early time.
/// </summary>
/// <remarks>While many hints wait already, a scan is put off: it would find again what they are about, and a process that has started anew knows nothing of the hints it gave before.</remarks>
public sealed partial class LandingScan(
    LandingZone landing, IObjectStore objects, IBus bus, BusOptions broker, IServiceScopeFactory scopes, TimeProvider clock, ILogger<LandingScan> log) : BackgroundService
{
    // As many as S3 lists in one answer.
    private const int PageSize = 1000;

    // What a backlog holds up is not announced again by every scan: the queue would grow for nothing.
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromHours(1);

    // So many hints are worked off within seconds. If more wait for ever, scans come all the same, seldom.
    private const int ManyHints = 100;
    private static readonly TimeSpan LongestPutOff = TimeSpan.FromHours(1);

    private static readonly TimeSpan BrokerPatience = TimeSpan.FromSeconds(15);

    // A publish that was on its way when the connection broke may never be confirmed: the scan must not wait for it for ever.
    private static readonly TimeSpan PublishPatience = TimeSpan.FromSeconds(30);

    // No timer runs for more than 49 days, a schedule may wait for a year.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<(string Bucket, string Key, string Version), DateTimeOffset> given = [];

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Meters.BeginToTakeIn(landing.Sources.Select(source => source.Name));
        return Task.WhenAll(landing.Sources.Select(source => RunAsync(source, stoppingToken)));
    }

    /// <summary>Lists one source once. Returns how many objects it gave a hint for.</summary>
    public async Task<int> ScanAsync(LandingSource source, CancellationToken cancellationToken)
    {
        var hints = 0;
        await foreach (var page in objects.ListAsync(source.Bucket, source.Prefix, cancellationToken).Chunk(PageSize).WithCancellation(cancellationToken))
        {
            await using var scope = scopes.CreateAsyncScope();
            // Another source may watch a longer prefix of the same bucket: its objects are its own.
            var mine = page.Where(landed => landing.SourceOf(landed.Bucket, landed.Key) == source && !LandingZone.IsFolderMarker(landed));
            foreach (var landed in await UnknownAsync(scope.ServiceProvider.GetRequiredService<CatalogContext>(), source, [.. mine], cancellationToken))
            {
                var hint = (landed.Bucket, landed.Key, landed.Version);
                if (given.TryGetValue(hint, out var before) && clock.GetUtcNow() - before < RepeatAfter)
                    continue;
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                patience.CancelAfter(PublishPatience);
                await bus.HintAsync(source, landed.Key, patience.Token);
                given[hint] = clock.GetUtcNow();
                hints++;
            }
        }
        foreach (var (hint, _) in given.Where(entry => clock.GetUtcNow() - entry.Value >= RepeatAfter))
            given.TryRemove(hint, out _);
        return hints;
    }

    private async Task RunAsync(LandingSource source, CancellationToken stoppingToken)
    {
        var scanned = clock.GetUtcNow();
        while (source.Schedule?.GetNextOccurrence(clock.GetUtcNow().UtcDateTime) is { } next)
        {
            await WaitUntilAsync(next, stoppingToken);
            try
            {
                if (await WaitingHintsAsync(source, stoppingToken) is > ManyHints and var waiting && clock.GetUtcNow() - scanned < LongestPutOff)
                {
                    LogPutOff(source.Name, waiting);
                    continue;
                }
                scanned = clock.GetUtcNow();
                var hints = await ScanAsync(source, stoppingToken);
                Meters.CountScan(source.Name, Meters.Done);
                if (hints > 0)
                    LogFound(source.Name, hints);
            }
#pragma warning disable CA1031 // Whatever a scan runs into (a server away, a bucket not there yet), the next one must still come.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Meters.CountScan(source.Name, Meters.Failed);
                LogFailed(exception, source.Name);
            }
        }
    }

    private async Task<long> WaitingHintsAsync(LandingSource source, CancellationToken cancellationToken)
    {
        if (broker.Kind != BusKind.RabbitMq)
            return 0;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(BrokerPatience);
        await using var connection = await BrokerConnection.OpenAsync(broker, patience.Token);
        return await connection.WaitingAsync(Hints.QueueOf(source), patience.Token);
    }

    private async Task WaitUntilAsync(DateTime time, CancellationToken stoppingToken)
    {
        while (time - clock.GetUtcNow().UtcDateTime is { Ticks: > 0 } left)
            await Task.Delay(left < LongestWait ? left : LongestWait, clock, stoppingToken);
    }

    private static async Task<IEnumerable<StoredObject>> UnknownAsync(
        CatalogContext catalog, LandingSource source, IReadOnlyList<StoredObject> page, CancellationToken cancellationToken)
    {
        var keys = page.Select(landed => landed.Key).ToList();
        var known = await catalog.Images
            .Where(image => image.Source == source.Name && keys.Contains(image.RawPath))
            .Select(image => new { image.RawPath, image.Version })
            .ToListAsync(cancellationToken);
        var taken = known.Select(image => (image.RawPath, image.Version)).ToHashSet();
        return page.Where(landed => !taken.Contains((landed.Key, landed.Version)));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Source}: the scan found {Count} objects that were never ingested")]
    private partial void LogFound(string source, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Source}: the scan is put off: {Count} hints wait to be worked off")]
    private partial void LogPutOff(string source, long count);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Source}: the scan failed; the next one starts on schedule")]
    private partial void LogFailed(Exception exception, string source);
}
