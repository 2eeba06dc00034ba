using Assay.Tests;

namespace Assay.Chaos;

/// <summary>A service is killed before and after every side effect of every stage, again and again, each time with another image.</summary>
internal static class CrashPointScenario
{
    public static async Task RunAsync(Run run, int seed)
    {
        List<(CrashPoint Point, Picture Picture)> tries =
            [.. CrashPoint.All.SelectMany(point => Enumerable.Repeat(point, run.Repeat)).Select((point, i) => (point, new Picture(seed, i, point.Kind)))];
        List<Picture> pictures = [.. tries.Select(one => one.Picture)];
        var reference = await run.FaultFreeAsync(pictures);
        Console.WriteLine($"{CrashPoint.All.Count} crash points, {run.Repeat} times each …");
        // Without a scan nothing is said twice: each image's way is the same.
        await using var system = await TestSystem.StartAsync("crash-points", scan: "");
        var uploader = new Uploader(system, notify: 0, new Random(seed));
        var traps = system.Services.ToDictionary(service => service.Program, service => new Trap(() => system.Kill(service)));
        foreach (var service in system.Services)
            foreach (var (server, door) in service.Doors)
                door.Eavesdroppers = () => traps[service.Program].Listen(server);
        // The connections that are there were made before anybody listened.
        foreach (var service in system.Services)
        {
            system.Kill(service);
            await service.RunningAsync();
        }
        List<string> missed = [];
        foreach (var (point, picture) in tries)
        {
            var before = await system.EndedAsync();
            var sprung = traps[point.Program].Set(point);
            await uploader.DropAsync(picture);
            if (await Task.WhenAny(sprung, Task.Delay(Run.Patience)) != sprung)
                missed.Add($"{point}: never reached");
            traps[point.Program].Unset();
            await system[point.Program].RunningAsync();
            try
            {
                await Eventually.HoldsAsync("the image ends", async () => await system.EndedAsync() > before, Run.Patience);
            }
            catch (TimeoutException)
            {
                missed.Add($"{point}: image {picture.Number} did not end");
            }
        }
        await run.ConcludeAsync("crash points", seed, system, pictures, reference, $"{CrashPoint.All.Count} points × {run.Repeat}", _ =>
            ($"{tries.Count - missed.Count} of {tries.Count} kills at their points", [.. missed.GroupBy(one => one).Select(same => $"{same.Count()} × {same.Key}")]));
    }
}
