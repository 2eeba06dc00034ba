using System.Collections.Concurrent;

namespace Assay.Tests.Distributed;

/// <summary>Does what a kernel does in a container with too little memory: ends whichever process takes more than it may, of one process and its children.</summary>
internal sealed class OutOfMemoryKiller : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task watching;

    /// <summary>Watches from now on.</summary>
    /// <param name="process">The process.</param>
    /// <param name="mostMebibytes">What each may take.</param>
    public OutOfMemoryKiller(int process, int mostMebibytes) => watching = Task.Run(() => WatchAsync(process, mostMebibytes));

    /// <summary>Whom it has ended, in order.</summary>
    public ConcurrentQueue<int> Killed { get; } = [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        stop.Dispose();
    }

    private async Task WatchAsync(int process, int mostMebibytes)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!stop.IsCancellationRequested)
        {
            foreach (var one in ProcessTree.ChildrenOf(process).Prepend(process))
            {
                if (ProcessTree.Mebibytes(one) > mostMebibytes && !Killed.Contains(one) && AssayProcess.Kill(one))
                    Killed.Enqueue(one);
            }
            await timer.WaitForNextTickAsync();
        }
    }
}
