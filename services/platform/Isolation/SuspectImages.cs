using Assay.Contracts;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Assay.Platform.Isolation;

/// <summary>
/// Images that may have killed a worker. Each is tried alone, in a process of its own, and only what happens to that process is counted, in the catalog:
/// that a message was delivered again proves nothing, for workers are killed for other reasons, too.
/// </summary>
public sealed partial class SuspectImages(CatalogContext catalog, TimeProvider clock, ILogger<SuspectImages> log)
{
    /// <summary>So many processes that died with an image are enough: the worker's, and two that had nothing else to do.</summary>
    public const int MostDeaths = 3;

    // A process that took too much memory and one that was in the way when others did die alike, and nothing tells them apart. What lasts is the file, though.
    // No longer: the image keeps a worker meanwhile, and its neighbours are to go on.
    private static readonly TimeSpan Respite = TimeSpan.FromSeconds(5);

    /// <summary>Whether a process has died of this image in this stage, ever.</summary>
    public Task<bool> HaveAsync(Guid imageId, string stage, CancellationToken cancellationToken) =>
        catalog.Attempts.AnyAsync(x => x.ImageId == imageId && x.Stage == stage, cancellationToken);

    /// <summary>
    /// Tries an image alone until a process survives it or enough have died; where one was killed, five seconds later. An image that has been rejected and
    /// comes again, after an upgrade for instance, is tried once more.
    /// </summary>
    /// <exception cref="InvalidImageException">Enough processes have died of it: <c>crashes-worker</c>. Or whatever else the work finds wrong with it.</exception>
    public async Task<T> TryAsync<T>(Guid imageId, string stage, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        while (true)
        {
            try
            {
                return await work(cancellationToken);
            }
            catch (ChildDiedException death)
            {
                var number = await RecordAsync(imageId, stage, death.Message, cancellationToken);
                LogDeath(imageId, stage, death.Message, number);
                if (number >= MostDeaths - 1)
                {
                    throw new InvalidImageException(RejectionReason.CrashesWorker,
                        $"After the first attempt, {number} processes that did nothing but work on this file died of it, the last one by {death.Message}. "
                        + "Keep the file and report it; nothing is wrong with other images.", death);
                }
                if (death.WasKilled)
                    await Task.Delay(Respite, clock, cancellationToken);
            }
        }
    }

    private async Task<int> RecordAsync(Guid imageId, string stage, string ended, CancellationToken cancellationToken)
    {
        while (true)
        {
            var number = 1 + await catalog.Attempts.CountAsync(x => x.ImageId == imageId && x.Stage == stage, cancellationToken);
            var fact = new AttemptFact { ImageId = imageId, Stage = stage, Number = number, Ended = ended, AttemptedAt = clock.GetCatalogTime() };
            // Another worker that has the same message may have been first.
            if (await catalog.AppendAsync([fact], cancellationToken))
                return number;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Image {ImageId}, tried alone by {Stage}, made its process die ({Ended}); that was death {Number} of such a process.")]
    private partial void LogDeath(Guid imageId, string stage, string ended, int number);
}
