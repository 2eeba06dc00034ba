using Assay.Tests.Ingest;

namespace Assay.Chaos;

/// <summary>Notifications that never come, and notifications that come again and again.</summary>
internal static class NotificationScenario
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>None comes: the scan alone finds what lands.</summary>
    public static async Task RunDroppedAsync(Run run, int seed)
    {
        var (pictures, reference) = await DropsAsync(run, seed);
        Console.WriteLine("notifications dropped …");
        await using var system = await TestSystem.StartAsync("dropped", scan: "*/30 * * * * *");
        await new Uploader(system, notify: 0, new Random(seed)).UploadAsync(pictures);
        var uploaded = DateTime.UtcNow;
        var quiet = await system.SettleAsync(Run.Patience);
        var last = (DateTime)(await system.Deployment.QueryAsync("SELECT MAX(ingested_at) FROM images"))[0][0]! - uploaded;
        await run.ConcludeAsync("notifications dropped", seed, system, pictures, reference, "no notification", _ =>
            ($"the last was taken in {last.TotalSeconds:0} s after it landed, at an interval of {Interval.TotalSeconds:0} s", last <= 2 * Interval ? [] : ["two scan intervals did not find everything"]), settled: quiet);
    }

    /// <summary>Each comes five times, in any order, and there is no scan.</summary>
    public static async Task RunShuffledAsync(Run run, int seed)
    {
        var (pictures, reference) = await DropsAsync(run, seed);
        Console.WriteLine("notifications five-fold and shuffled …");
        await using var system = await TestSystem.StartAsync("shuffled", scan: "");
        await new Uploader(system, notify: 0, new Random(seed)).UploadAsync(pictures);
        await NotifyShuffledAsync(system, times: 5, new Random(seed));
        await run.ConcludeAsync("notifications five-fold and shuffled", seed, system, pictures, reference, "5 notifications for each object");
    }

    /// <summary>Announces everything that has landed so many times, in any order.</summary>
    public static async Task NotifyShuffledAsync(TestSystem system, int times, Random chance)
    {
        var deployment = system.Deployment;
        var keys = await deployment.Objects.ListAsync(deployment.Landing, "", CancellationToken.None).Select(landed => landed.Key).ToListAsync();
        string[] all = [.. Enumerable.Repeat(keys, times).SelectMany(each => each)];
        chance.Shuffle(all);
        foreach (var some in all.Chunk(50))
            await deployment.PublishEventAsync(NotificationText.Records([.. some.Select(key => NotificationText.AmazonRecord(deployment.Landing, key))]));
    }

    // Those that are put into the bucket: an upload over HTTP is announced by ingest itself.
    private static async Task<(List<Picture> Pictures, IReadOnlyDictionary<int, Layers> Reference)> DropsAsync(Run run, int seed)
    {
        List<Picture> pictures = [.. Picture.Some(seed, Math.Min(run.Images, 1000)).Where(picture => !picture.ByHttp)];
        return (pictures, await run.FaultFreeAsync(pictures));
    }
}
