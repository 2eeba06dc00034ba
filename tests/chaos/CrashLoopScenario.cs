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
        var store = preprocess.Doors[Server.S3];
        store.Break(Fault.BlackHole);
        var taken = 0;
        await new Uploader(system, notify: 1, new Random(seed)).UploadAsync(pictures);
        await Eventually.HoldsAsync("all are taken in", async () => await system.Deployment.CountAsync("COUNT(*) FROM images") == Images, Run.Patience);
        for (var crash = 0; crash < Crashes; crash++)
        {
            await preprocess.RunningAsync();
            // Who asks for an original has a message in its hands. Messages that were delivered too often the steward gives back.
            await Eventually.HoldsAsync("it holds messages", () => store.Taken > taken, Run.Patience, () => $"crash {crash}");
            taken = store.Taken;
            system.Kill(preprocess);
        }
        store.Open();
        var quiet = await system.SettleAsync(Run.Patience);
        var tooOften = await system.Deployment.CountAsync("COUNT(*) FROM failures WHERE exception = 'delivery-limit'");
        await run.ConcludeAsync("crash loop", seed, system, pictures, reference, $"{Crashes} crashes of preprocess, messages in hand in each; delivery limit 20", _ => ($"{tooOften} times a message had been delivered too often, and was given back", []), settled: quiet);
    }
}
