namespace Assay.Tests.Distributed;

/// <summary>A service in a container with little memory, under a supervisor that starts it again whenever it ends.</summary>
internal sealed class SupervisedService : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private Task supervising = Task.CompletedTask;

    /// <summary>How often the service itself has ended.</summary>
    public int Deaths { get; private set; }

    /// <summary>Starts it.</summary>
    public static async Task<SupervisedService> StartAsync(Deployment deployment, string program, int mostMebibytes, params (string Name, string Value)[] settings)
    {
        var supervised = new SupervisedService();
        var service = await deployment.StartAsync(program, settings);
        supervised.supervising = Task.Run(async () =>
        {
            while (true)
            {
                await using (var killer = new OutOfMemoryKiller(service.Id, mostMebibytes))
                    await Eventually.HoldsAsync("it ends or need not run any more", () => !ProcessTree.Runs(service.Id) || supervised.stop.IsCancellationRequested, TimeSpan.FromMinutes(10));
                if (supervised.stop.IsCancellationRequested)
                    return;
                supervised.Deaths++;
                service = await deployment.StartAsync(program, settings);
            }
        });
        return supervised;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await supervising;
        stop.Dispose();
    }
}
