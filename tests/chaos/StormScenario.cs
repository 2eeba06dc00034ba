using Assay.Tests.Distributed;

namespace Assay.Chaos;

/// <summary>Services are killed all the time, and the servers, while images come in.</summary>
internal static class StormScenario
{
    // Of the brief one.
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // Between two servers, should nothing move.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>A service every few seconds, each server a few times, until nine in ten images have ended.</summary>
    public static async Task RunAsync(Run run, int seed)
    {
        var servers = ServerProcesses.OfThisRun();
        var pictures = Picture.Some(seed, run.Images);
        var reference = await run.FaultFreeAsync(pictures);
        Console.WriteLine($"storm, seed {seed} …");
        await using var system = await TestSystem.StartAsync("storm");
        var chance = new Random(seed);
        Server[] victims = [.. Enumerable.Repeat(Enum.GetValues<Server>(), run.ServerKills).SelectMany(each => each)];
        chance.Shuffle(victims);
        var uploading = new Uploader(system, notify: 3, new Random(seed)).UploadAsync(pictures);
        var kills = 0;
        var killing = KillServersAsync();
        using var timer = new PeriodicTimer(run.BetweenKills);
        while (!uploading.IsCompleted || !killing.IsCompleted || await system.EndedAsync() is not { } ended || ended < run.Images * 9 / 10)
        {
            kills += system.Kill(system.Services[chance.Next(system.Services.Count)]) ? 1 : 0;
            await timer.WaitForNextTickAsync();
            if (uploading.IsFaulted || killing.IsFaulted)
                break;
        }
        await Task.WhenAll(uploading, killing);
        await run.ConcludeAsync("storm", seed, system, pictures, reference, $"{kills} services and {victims.Length} servers killed", quiet => ("", quiet <= TimeSpan.FromSeconds(120) ? [] : ["not quiet within 120 s"]));

        async Task KillServersAsync()
        {
            // Spread over the time that the images take, as far as that can be known.
            for (var i = 0; i < victims.Length; i++)
            {
                var (due, latest) = (run.Images * (i + 1) / (victims.Length + 2), DateTime.UtcNow + LongestPause);
                while (DateTime.UtcNow < latest && (await system.EndedAsync() ?? 0) < due)
                    await Task.Delay(Look);
                system.Journal.Write(Journal.Fault, $"kill {victims[i]}");
                await servers.KillAndStartAsync(victims[i]);
            }
        }
    }

    /// <summary>The same for a few minutes on servers that others use, too: services are killed, servers only cannot be reached; each notification comes five times, in any order.</summary>
    public static async Task RunBrieflyAsync(Run run, int seed)
    {
        var pictures = Picture.Some(seed, run.Images);
        var reference = await run.FaultFreeAsync(pictures);
        await using var system = await TestSystem.StartAsync("brief");
        var chance = new Random(seed);
        var uploading = new Uploader(system, notify: 5, new Random(seed)).UploadAsync(pictures);
        var kills = 0;
        (Server Server, Fault Fault)[] outages = [.. from server in Enum.GetValues<Server>() from fault in new[] { Fault.Refuse, Fault.Reset, Fault.BlackHole, Fault.Delay } select (server, fault)];
        chance.Shuffle(outages);
        foreach (var (server, fault) in outages)
        {
            system.Break(server, fault);
            await Task.Delay(BetweenKills / 2);
            system.Break(server, Fault.None);
            kills += system.Kill(system.Services[chance.Next(system.Services.Count)]) ? 1 : 0;
            await Task.Delay(BetweenKills / 2);
        }
        await uploading;
        await NotificationScenario.NotifyShuffledAsync(system, times: 5, chance);
        await run.ConcludeAsync("brief", seed, system, pictures, reference, $"{kills} services killed, {outages.Length} short outages, notifications five-fold and shuffled");
    }
}
