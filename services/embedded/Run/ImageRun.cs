using System.Collections.Concurrent;
using Assay.Ingest;
using Assay.Ingest.Local;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded.Run;

/// <summary>Brings files on their way, and says what became of each. Every image sets out and is reported once, new or not: what is done already the stages skip.</summary>
internal sealed class ImageRun(IServiceScopeFactory scopes, LocalFiles files, RunProgress progress, ShadowProgress shadows, IBus bus, TimeProvider clock)
{
    // Their queue is in memory.
    private const int MostUnseen = 1000;

    private readonly DateTime started = clock.GetCatalogTime();
    private readonly ConcurrentDictionary<Guid, ImageShare> shares = [];
    private readonly HashSet<Guid> reported = [];
    private readonly HashSet<Guid> failed = [];

    /// <summary>How many images this run had to do with.</summary>
    public int All => shares.Count;

    /// <summary>How many images this run had so much to do with.</summary>
    public int Count(ImageShare share) => shares.Values.Count(each => each == share);

    /// <summary>Brings what an earlier run left under way on its way again.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var catalog = scope.ServiceProvider.GetRequiredService<CatalogContext>();
        var unfinished = catalog.ImageStatus.Where(status => status.Status == ImageStatus.InFlight).Select(status => status.ImageId);
        var images = await catalog.Images.AsNoTracking().Where(image => unfinished.Contains(image.Id)).ToListAsync(cancellationToken);
        foreach (var image in images)
            shares[image.Id] = ImageShare.Resumed;
        foreach (var image in images)
            await SendOffAsync(image, damage: null, cancellationToken);
    }

    /// <summary>Takes files in as they are found. What is in the catalog already sets out, too: a setting or the model may have changed since.</summary>
    public async Task TakeAsync(IAsyncEnumerable<(FileInfo File, string Root)> found, RunOutput output, CancellationToken cancellationToken)
    {
        await foreach (var (file, root) in found.WithCancellation(cancellationToken))
        {
            try
            {
                await foreach (var local in files.ReadAsync(file, root, cancellationToken))
                {
                    using (local)
                        await TakeAsync(local, cancellationToken);
                    if (local.Damage is { } damage)
                        output.Warn($"{file.FullName} is a damaged archive: {damage}. What could be unpacked is taken in; the archive itself is rejected.");
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                output.Fail($"{file.FullName} was not taken in: {exception.Message}");
            }
        }
    }

    /// <summary>Reports images as they end, until there is nothing left to end.</summary>
    public async Task ReportEndsAsync(RunOutput output)
    {
        await foreach (var (imageId, failure) in progress.Ends)
        {
            var status = await StatusOfAsync(imageId);
            if (failure is null)
                await ReportAsync(status, output);
            else if (failed.Add(imageId))
                output.Fail($"{status.RawPath} waits for {status.Stage}, which failed: {failure} The next run tries again.");
        }
    }

    /// <summary>
    /// Reports the images whose end nobody has heard of because the stages have stopped. Returns how many are left to the next run: those
    /// without an end, and those whose new result is not there yet.
    /// </summary>
    public async Task<int> ReportLeftAsync(RunOutput output)
    {
        var waiting = 0;
        foreach (var imageId in shares.Keys.Except(reported).Except(failed).ToList())
        {
            var status = await StatusOfAsync(imageId);
            if (status.Ended && (shares[imageId] != ImageShare.Known || status.PredictedAt >= started))
                await ReportAsync(status, output);
            else if (status.Ended)
                waiting++;
        }
        await using var scope = scopes.CreateAsyncScope();
        var catalog = scope.ServiceProvider.GetRequiredService<CatalogContext>();
        return waiting + await catalog.ImageStatus.CountAsync(status => status.Status == ImageStatus.InFlight);
    }

    private async Task TakeAsync(LocalFile local, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var intake = scope.ServiceProvider.GetRequiredService<Intake>();
        var (image, isNew) = await intake.TakeAsync(local.Occurrence, local.OpenAsync, cancellationToken);
        if (shares.TryAdd(image.Id, isNew ? ImageShare.New : ImageShare.Known))
            await SendOffAsync(image, local.Damage, cancellationToken);
    }

    private async Task SendOffAsync(ImageFact image, string? damage, CancellationToken cancellationToken)
    {
        await shadows.WaitAsync(MostUnseen, cancellationToken);
        await progress.StartAsync(image.Id, cancellationToken);
        // What has set out is announced, also when the run is being stopped: it would only be a failure in the log.
        await (damage is null
            ? bus.Publish(image.ToEvent(), message => MarkIfResumed(image, message), CancellationToken.None)
            : bus.Publish(new DamagedArchive(image.Id, image.Origin, image.Bronze, damage), CancellationToken.None));
    }

    // What was under way when a run ended may be what ended it.
    private void MarkIfResumed(ImageFact image, SendContext message)
    {
        if (shares[image.Id] == ImageShare.Resumed)
            message.MarkAsTriedBefore();
    }

    private async Task ReportAsync(ImageStatus status, RunOutput output)
    {
        if (!reported.Add(status.ImageId))
            return;
        if (shares[status.ImageId] == ImageShare.Known && await HasNewResultAsync(status.ImageId))
            shares[status.ImageId] = ImageShare.Again;
        output.Add(status, shares[status.ImageId]);
    }

    private async Task<bool> HasNewResultAsync(Guid imageId)
    {
        await using var scope = scopes.CreateAsyncScope();
        var catalog = scope.ServiceProvider.GetRequiredService<CatalogContext>();
        return await catalog.Predictions.AnyAsync(fact => fact.ImageId == imageId && fact.Role == PredictionFact.Active && fact.PredictedAt >= started)
            || await catalog.Enrichments.AnyAsync(fact => fact.ImageId == imageId && fact.EnrichedAt >= started)
            || await catalog.Cleansed.AnyAsync(fact => fact.ImageId == imageId && fact.CleansedAt >= started);
    }

    private async Task<ImageStatus> StatusOfAsync(Guid imageId)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<CatalogContext>().ImageStatus.AsNoTracking().FirstAsync(status => status.ImageId == imageId);
    }
}
