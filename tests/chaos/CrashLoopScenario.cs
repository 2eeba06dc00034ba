using Assay.Tests;
using Assay.Tests.Distributed;

namespace Assay.Chaos;

/// <summary>A service dies again and again with the same messages in its hands, more often than the broker delivers a message.</summary>
internal static class CrashLoopScenario
{
    private const int Crashes = 25, Images = 8;

    public static async Task RunAsync(Run run, int seed)
    {
        List<Picture> pictures = [.. Picture.Some(seed, Images)];
        var reference = await run.FaultFreeAsync(pictures);
        Console.WriteLine($"{Crashes} crashes with the same messages …");
        await using var system = await TestSystem.StartAsync("crashes");
        var preprocess = system["Assay.Preprocess"];
        // It takes the messages and cannot finish one.
        preprocess.Doors[Server.S3].Break(Fault.BlackHole);
        await new Uploader(system, notify: 1, new Random(seed)).UploadAsync(pictures);
        await Eventually.HoldsAsync("all are taken in", async () => await system.Deployment.CountAsync("COUNT(*) FROM images") == Images, Run.Patience);
        for (var crash = 0; crash < Crashes; crash++)
        {
            var before = preprocess.Starts;
            await preprocess.RunningAsync();
            // No delivery is left that could still be counted once the messages have gone to another queue.
            await Eventually.HoldsAsync("it holds messages or has none", async () => await HeldAsync(system) is true, Run.Patience);
            system.Kill(preprocess);
            await Eventually.HoldsAsync("it starts again", () => preprocess.Starts > before, Run.Patience);
        }
        preprocess.Doors[Server.S3].Open();
        await run.ConcludeAsync("crash loop", seed, system, pictures, reference, $"{Crashes} crashes of preprocess with the same messages, delivery limit 20");
    }

    // Unacknowledged deliveries, as the broker counts them every few seconds; an empty queue will never have one.
    private static async Task<bool> HeldAsync(TestSystem system)
    {
        using var queue = System.Text.Json.JsonDocument.Parse(await Servers.AdministerAsync(HttpMethod.Get, $"api/queues/{system.Deployment.Broker.VirtualHost}/preprocess"));
        return queue.RootElement.TryGetProperty("messages_unacknowledged", out var held) && queue.RootElement.TryGetProperty("messages", out var all)
            && (held.GetInt32() > 0 || all.GetInt32() == 0);
    }
}
