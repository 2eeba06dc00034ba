namespace Assay.Chaos;

/// <summary>Every service is asked to stop and started again, one after the other, while images are under way.</summary>
internal static class RestartScenario
{
    private const int Restarts = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), EndsWithin = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(Run run, int seed)
    {
        var pictures = Picture.Some(seed, Math.Min(run.Images, 2000));
        var reference = await run.FaultFreeAsync(pictures);
        Console.WriteLine($"{Restarts} rolling restarts …");
        await using var system = await TestSystem.StartAsync("restarts");
        var writes = WriteCounter.Listen(system);
        using var stop = new CancellationTokenSource();
        var uploading = new Uploader(system, notify: 1, new Random(seed)).UploadAsync(pictures, stop.Token);
        List<string> broken = [];
        var slowest = TimeSpan.Zero;
        var done = 0;
        while (done < Restarts)
        {
            var service = system.Services[done % system.Services.Count];
            await service.RunningAsync();
            system.Journal.Write(Journal.Fault, $"terminate {service.Program}");
            if (await service.TerminateAsync(Patience) is not { } end)
                continue;
            done++;
            slowest = end.Took > slowest ? end.Took : slowest;
            if (end.Code != 0 || end.Took > EndsWithin)
                broken.Add($"{service.Program} ended with {end.Code} after {end.Took.TotalSeconds:0.0} s");
            await service.RunningAsync();
        }
        await uploading;
        await run.ConcludeAsync("rolling restarts", seed, system, pictures, reference, $"{done} × SIGTERM", _ =>
        {
            var repeated = writes.Repeated;
            if (repeated.Count > 0)
                broken.Add($"work was done twice for {string.Join(", ", repeated.Take(5))}");
            return ($"slowest end {slowest.TotalSeconds:0.0} s; silver or gold written twice: {repeated.Count}", [.. broken]);
        });
    }
}
