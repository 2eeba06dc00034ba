using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Assay.Embedded.Run;

/// <summary>How far an image of a run came.</summary>
public enum RunStep
{
    /// <summary>Its original is in bronze.</summary>
    TakenIn,

    /// <summary>Its copy is in silver.</summary>
    Cleansed,

    /// <summary>Everything known about it is in gold.</summary>
    Enriched,

    /// <summary>It has a label, or was rejected, or a stage gave up on it.</summary>
    Ended,
}

/// <summary>An image that is under way no more.</summary>
/// <param name="ImageId">The image.</param>
/// <param name="Failure">Why a stage gave up on it for now; null when it is classified or rejected.</param>
public sealed record RunEnd(Guid ImageId, string? Failure);

/// <summary>The images that a run has brought on their way, and how far they are. Only so many at a time, so that nothing piles up.</summary>
public sealed class RunProgress : IDisposable
{
    // Enough to keep every stage busy.
    private const int MostUnderWay = 64;

    private readonly ConcurrentDictionary<Guid, bool> underWay = [];
    private readonly Channel<RunEnd> ends = Channel.CreateBounded<RunEnd>(MostUnderWay);
    private readonly SemaphoreSlim room = new(MostUnderWay);
    private readonly int[] reached = new int[Enum.GetValues<RunStep>().Length];

    /// <summary>Images as they end, until <see cref="Complete"/>.</summary>
    public IAsyncEnumerable<RunEnd> Ends => ends.Reader.ReadAllAsync();

    /// <summary>How many images came at least this far.</summary>
    public int Reached(RunStep step) => Volatile.Read(ref reached[(int)step]);

    /// <summary>An image sets out, as soon as there is room. Each does so once.</summary>
    public async Task StartAsync(Guid imageId, CancellationToken cancellationToken)
    {
        await room.WaitAsync(cancellationToken);
        underWay[imageId] = true;
        Interlocked.Increment(ref reached[(int)RunStep.TakenIn]);
    }

    /// <summary>An image came further. Events of images that nobody waits for are passed over.</summary>
    public void Step(Guid imageId, RunStep step)
    {
        if (underWay.ContainsKey(imageId))
            Interlocked.Increment(ref reached[(int)step]);
    }

    /// <summary>An image is classified or rejected, or a stage gave up on it for now.</summary>
    public async Task EndAsync(Guid imageId, string? failure = null)
    {
        if (!underWay.TryRemove(imageId, out _))
            return;
        Interlocked.Increment(ref reached[(int)RunStep.Ended]);
        await ends.Writer.WriteAsync(new RunEnd(imageId, failure));
        room.Release();
    }

    /// <summary>Returns when every image that set out has ended. No other may set out meanwhile.</summary>
    public async Task WaitForAllAsync(CancellationToken cancellationToken)
    {
        for (var free = 0; free < MostUnderWay; free++)
            await room.WaitAsync(cancellationToken);
    }

    /// <summary>Nothing will end any more: <see cref="Ends"/> ends, too.</summary>
    public void Complete() => ends.Writer.Complete();

    /// <inheritdoc/>
    public void Dispose() => room.Dispose();
}
