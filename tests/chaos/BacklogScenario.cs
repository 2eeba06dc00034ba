using System.Collections.Concurrent;
using System.Diagnostics;
using Assay.Tests;

namespace Assay.Chaos;

/// <summary>A backfill waits, and fresh images come all the same: how long they take, compared with a system that has nothing else to do.</summary>
internal static class BacklogScenario
{
    private const int Fresh = 15;

    // What is promised: within twice the time of an idle system.
    private const double MostTimes = 2;

    // So many are worked off before the run ends. A hundred thousand would take hours: they wait, and what is done of them by then must be right.
    private const int MostWorkedOff = 5000;

    // Drawing takes longer than uploading. Later pictures are these, with a number behind their end that tells them from twins.
    private const int Drawn = 1000;

    private const string Scan = "ASSAY_INGEST__SOURCES__1__SCAN";

    private static readonly Dictionary<string, string> Sources = new()
    {
        ["ASSAY_INGEST__SOURCES__1__NAME"] = "backfill",
        ["ASSAY_INGEST__SOURCES__1__PREFIX"] = "old/",
        [Scan] = "",
        ["ASSAY_INGEST__SOURCES__1__BULK"] = "true",
    };

    public static async Task RunAsync(Run run, int seed)
    {
        var pictures = Picture.Some(seed, run.Images + (3 * Fresh));
        var good = pictures.Where(picture => picture.Reason is null).ToList();
        var (warm, idle, busy) = (good[..Fresh], good[Fresh..(2 * Fresh)], good[(2 * Fresh)..(3 * Fresh)]);
        List<Picture> backfill = [.. pictures.Except([.. warm, .. idle, .. busy])];
        Console.WriteLine($"a backlog of {backfill.Count} images …");
        await using var system = await TestSystem.StartAsync("backlog", scan: "", Sources);
        var uploader = new Uploader(system, notify: 0, new Random(seed));
        await TimeAsync(system, uploader, warm);
        var alone = await TimeAsync(system, uploader, idle);
        await uploader.BackfillAsync(backfill, Repeated());
        // Only now: uploading takes many times as long beside a system at work, and nothing is measured meanwhile.
        system.Deployment.Settings[Scan] = "*/5 * * * * *";
        await system["Assay.Ingest"].RunningAsync();
        await system["Assay.Ingest"].TerminateAsync(Run.Patience);
        await Eventually.HoldsAsync("the backfill is being worked on", async () => await system.EndedAsync() > warm.Count + idle.Count, Run.Patience);
        var beside = await TimeAsync(system, uploader, busy);
        var waiting = pictures.Count - (await system.EndedAsync() ?? 0);
        await run.ConcludeAsync("backlog", seed, system, pictures, reference: null, $"{backfill.Count} images of bulk work", workedOff: backfill.Count <= MostWorkedOff, judge: _ =>
        {
            List<string> broken = [];
            if (beside / alone > MostTimes)
                broken.Add($"a fresh image takes {beside / alone:0.0} times as long as in an idle system");
            if (waiting < backfill.Count / 10)
                broken.Add("the backfill was nearly done before the last fresh image came: take more images");
            return ($"a fresh image takes {beside / alone:0.00} × as long as in an idle system ({alone.TotalMilliseconds:0} ms; medians of {Fresh}); {waiting} images still waited then; layers are not compared, as the sidecars name another source", [.. broken]);
        });
    }

    private static Func<Picture, byte[]> Repeated()
    {
        var drawn = new ConcurrentDictionary<int, byte[]>();
        return picture =>
        {
            var bytes = drawn.GetOrAdd(picture.Number % Drawn, number => (picture with { Number = number }).Bytes());
            return picture.Kind == PictureKind.Good ? [.. bytes, .. BitConverter.GetBytes(picture.Number)] : bytes;
        };
    }

    // The median from landing to the prediction, one image after the other.
    private static async Task<TimeSpan> TimeAsync(TestSystem system, Uploader uploader, IReadOnlyList<Picture> pictures)
    {
        var times = new List<TimeSpan>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        foreach (var picture in pictures)
        {
            var started = Stopwatch.GetTimestamp();
            await uploader.DropAsync(picture);
            while (await system.Deployment.CountAsync($"COUNT(*) FROM images i JOIN predictions p ON p.image_id = i.id WHERE i.raw_name = '{picture.NameOf(1)}'") == 0)
                await timer.WaitForNextTickAsync();
            times.Add(Stopwatch.GetElapsedTime(started));
        }
        return times.Order().ElementAt(times.Count / 2);
    }
}
