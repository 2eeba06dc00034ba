using Assay.Contracts;
using Assay.Ingest;
using Assay.Ingest.Local;
using Assay.Platform.Catalog;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded.Run;

/// <summary>Brings files on their way, and says what became of each. Every image is reported once, new or not.</summary>
internal sealed class ImageRun(IServiceScopeFactory scopes, LocalFiles files, RunProgress progress, IBus bus)
{
    private readonly HashSet<Guid> reported = [];

    /// <summary>Images that this run took in.</summary>
    public int New { get; private set; }

    /// <summary>Images that an earlier run had taken in.</summary>
    public int Known { get; private set; }

    /// <summary>Images that an earlier run had left under way.</summary>
    public int Resumed { get; private set; }

    /// <summary>Brings what an earlier run left under way on its way again: the stages skip what they have done.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var catalog = scope.ServiceProvider.GetRequiredService<CatalogContext>();
        var unfinished = catalog.ImageStatus.Where(status => status.Status == ImageStatus.InFlight).Select(status => status.ImageId);
        await foreach (var image in catalog.Images.AsNoTracking().Where(image => unfinished.Contains(image.Id)).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            Resumed++;
            await SendOffAsync(image.ToEvent(), cancellationToken);
        }
    }

    /// <summary>Takes files in as they are found. What is in the catalog already is only reported.</summary>
    public async Task TakeAsync(IAsyncEnumerable<(FileInfo File, string Root)> found, RunOutput output, CancellationToken cancellationToken)
    {
        await foreach (var (file, root) in found.WithCancellation(cancellationToken))
        {
            try
            {
                await foreach (var local in files.ReadAsync(file, root, cancellationToken))
                {
                    using (local)
                        await TakeAsync(local, output, cancellationToken);
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
            var status = await StatusOfAsync(imageId, CancellationToken.None);
            if (failure is null)
                Report(status, output);
            else
                output.Fail($"{status.RawPath} waits for {status.Stage}, which failed: {failure} The next run tries again.");
        }
    }

    /// <summary>How many images of the catalog have not reached an end.</summary>
    public async Task<int> CountUnfinishedAsync()
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<CatalogContext>().ImageStatus.CountAsync(status => status.Status == ImageStatus.InFlight);
    }

    private async Task TakeAsync(LocalFile local, RunOutput output, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var intake = scope.ServiceProvider.GetRequiredService<Intake>();
        var (image, isNew) = await intake.TakeAsync(local.Occurrence, local.OpenAsync, cancellationToken);
        if (isNew)
        {
            New++;
            await SendOffAsync(image.ToEvent(), cancellationToken);
            return;
        }
        Known++;
        var status = await StatusOfAsync(image.Id, cancellationToken);
        if (status.Ended)
            Report(status, output);
    }

    private async Task SendOffAsync(ImageIngested image, CancellationToken cancellationToken)
    {
        if (await progress.StartAsync(image.ImageId, cancellationToken))
            await bus.Publish(image, cancellationToken);
    }

    // Called by the one that takes in and by the one that waits for ends.
    private void Report(ImageStatus status, RunOutput output)
    {
        lock (reported)
        {
            if (reported.Add(status.ImageId))
                output.Add(status);
        }
    }

    private async Task<ImageStatus> StatusOfAsync(Guid imageId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<CatalogContext>().ImageStatus.AsNoTracking()
            .FirstAsync(status => status.ImageId == imageId, cancellationToken);
    }
}
