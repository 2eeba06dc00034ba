using System.Net;
using Assay.Tests;
using Assay.Tests.Distributed;

namespace Assay.Chaos;

/// <summary>One server cannot be reached for a while, in one of three ways, while images are under way and others come.</summary>
internal static class OutageScenario
{
    private const int Before = 200, During = 40;

    private static readonly TimeSpan MovesWithin = TimeSpan.FromSeconds(30), AnswersWithin = TimeSpan.FromSeconds(5), ReadyWithin = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(Run run, int seed)
    {
        foreach (var server in Enum.GetValues<Server>())
            foreach (var fault in new[] { Fault.Refuse, Fault.Reset, Fault.BlackHole })
                await RunAsync(run, seed, server, fault);
    }

    private static async Task RunAsync(Run run, int seed, Server server, Fault fault)
    {
        var pictures = Picture.Some(seed, Before + During);
        var reference = await run.FaultFreeAsync(pictures);
        Console.WriteLine($"{server}: {fault} …");
        await using var system = await TestSystem.StartAsync($"outage-{server}-{fault}");
        var uploader = new Uploader(system, notify: 1, new Random(seed));
        await uploader.UploadAsync(pictures[..Before]);
        system.Break(server, fault);
        var uploading = UploadSlowlyAsync();
        await Task.Delay(run.Outage);
        system.Break(server, Fault.None);
        var returned = DateTime.UtcNow;
        var ready = await ReadyAfterAsync(system, returned);
        await uploading;
        var quiet = await system.SettleAsync(Run.Patience);
        var moved = await FirstFactAfterAsync(system, returned);
        await run.ConcludeAsync($"{server} away: {fault}", seed, system, pictures, reference, $"{run.Outage.TotalSeconds:0} s without {server}", _ =>
        {
            var notes = $"moving again after {moved?.TotalSeconds:0.0} s, all services ready after {ready.TotalSeconds:0.0} s; slowest HTTP answer {uploader.Slowest.TotalSeconds:0.0} s";
            List<string> broken = [];
            if (moved is null || moved > MovesWithin)
                broken.Add($"not moving again within {MovesWithin.TotalSeconds:0} s");
            if (ready > ReadyWithin)
                broken.Add($"not all services were ready within {ReadyWithin.TotalSeconds:0} s");
            if (uploader.Slowest > AnswersWithin)
                broken.Add($"an upload was not answered within {AnswersWithin.TotalSeconds:0} s");
            if (uploader.Unclear > 0)
                broken.Add($"{uploader.Unclear} uploads over HTTP had no answer, or another than 202 and 503");
            return (notes, [.. broken]);
        }, settled: quiet);

        async Task UploadSlowlyAsync()
        {
            foreach (var some in pictures[Before..].Chunk(2))
            {
                await uploader.UploadAsync(some);
                await Task.Delay(run.Outage / During);
            }
        }
    }

    // One that a supervisor has to start again is not ready meanwhile.
    private static async Task<TimeSpan> ReadyAfterAsync(TestSystem system, DateTime returned)
    {
        foreach (var service in system.Services)
            await Eventually.HoldsAsync($"{service.Program} is ready", async () => service.Current is { } process && await IsReadyAsync(process), Run.Patience);
        return DateTime.UtcNow - returned;
    }

    private static async Task<bool> IsReadyAsync(ServiceProcess process)
    {
        try
        {
            return (await process.ReadyAsync()).Status == HttpStatusCode.OK;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }

    // The catalog says when something was done; what was done before the outage does not count, what is done later has the time of its own.
    private static async Task<TimeSpan?> FirstFactAfterAsync(TestSystem system, DateTime returned)
    {
        var times = await system.Deployment.QueryAsync("""
            SELECT MIN(t) FROM (SELECT ingested_at AS t FROM images UNION ALL SELECT cleansed_at FROM cleansed UNION ALL SELECT enriched_at FROM enrichments
                                UNION ALL SELECT predicted_at FROM predictions UNION ALL SELECT rejected_at FROM rejections) AS facts WHERE t > '
            """ + returned.ToString("O") + "'");
        return times[0][0] is DateTime first ? first - returned : null;
    }
}
