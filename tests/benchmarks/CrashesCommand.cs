using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Assay.Tests;
using Assay.Tests.Distributed;
using NetVips;

namespace Assay.Benchmarks;

/// <summary>What a file that kills the worker costs its neighbours: the real service on real servers, under a supervisor that starts it again.</summary>
internal static class CrashesCommand
{
    // What a worker may have here, and a file that takes more.
    private const int MostMebibytes = 400, KillerSide = 12_000;

    public static Command Create()
    {
        var images = new Option<int>("--images") { Description = "How many images the file that kills is among.", DefaultValueFactory = _ => 300 };
        var rounds = new Option<int>("--rounds") { Description = "How often both are measured.", DefaultValueFactory = _ => 3 };
        var json = ReportFormat.JsonOption();
        var command = new Command("crashes", "Images a second of the preprocess service without and with one file among them that kills it. Needs the tests' servers.") { images, rounds, json };
        command.SetAction((arguments, stop) => RunAsync(
            arguments.GetRequiredValue(images), arguments.GetRequiredValue(rounds),
            new(arguments.GetValue(json), "images", "without, per second", "with, per second", "with ÷ without", "extra time"), stop));
        return command;
    }

    private static async Task<int> RunAsync(int images, int rounds, Report<Row> report, CancellationToken stop)
    {
        if (!await TestServers.AreNamedAsync())
            return 1;
        var picture = await File.ReadAllBytesAsync(Pictures.Get("JPEG", 2), stop);
        var killer = Killer();
        report.Begin();
        for (var round = 0; round < rounds; round++)
        {
            var (without, with) = (await MeasureAsync(images, picture, null, stop), await MeasureAsync(images, picture, killer, stop));
            var row = new Row(images, images / without.TotalSeconds, images / with.TotalSeconds, without / with, (with - without).TotalSeconds);
            report.Add(row, row.Images, Text(row.Without), Text(row.With), row.Ratio.ToString("0.00", CultureInfo.InvariantCulture), Text(row.ExtraSeconds) + " s");
        }
        report.End();
        return 0;
    }

    // From the moment the service listens until all but the killer are silver: they wait in its queue.
    private static async Task<TimeSpan> MeasureAsync(int images, byte[] picture, byte[]? killer, CancellationToken stop)
    {
        await using var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "*/2 * * * * *";
        await deployment.SetupAsync();
        for (var i = 0; i < images; i++)
        {
            if (i == images / 2 && killer is not null)
                await deployment.DropAsync($"{i:00000}-killer.png", killer);
            // Each has bytes of its own, behind the end of the picture: the same bytes would be worked on once.
            await deployment.DropAsync($"{i:00000}.jpg", [.. picture, .. BitConverter.GetBytes(i)]);
        }
        var ingest = await deployment.StartAsync("Assay.Ingest");
        await Eventually.HoldsAsync("all are taken in", async () => await deployment.CountAsync("COUNT(*) FROM images") == images + (killer is null ? 0 : 1), TimeSpan.FromMinutes(5), deployment.Logs);
        await ingest.StopAsync(TimeSpan.FromSeconds(30));
        stop.ThrowIfCancellationRequested();
        // That a person has allowed more than there is: otherwise the file's header is enough to refuse it.
        await using var service = await SupervisedService.StartAsync(deployment, "Assay.Preprocess", MostMebibytes, ("ASSAY_PREPROCESS__MAXDECODEMEMORY", "1000"));
        var watch = Stopwatch.StartNew();
        await Eventually.HoldsAsync("all are silver", async () => await deployment.CountAsync("COUNT(*) FROM cleansed") == images, TimeSpan.FromMinutes(10), deployment.Logs);
        var time = watch.Elapsed;
        if (killer is not null)
            await Eventually.HoldsAsync("the killer is rejected", async () => await deployment.CountAsync("COUNT(*) FROM rejections WHERE reason = 'crashes-worker'") == 1, details: deployment.Logs);
        return time;
    }

    private static byte[] Killer()
    {
        using var large = Image.Black(KillerSide, KillerSide, bands: 3);
        return large.PngsaveBuffer(interlace: true);
    }

    private static string Text(double number) => number.ToString("0.0", CultureInfo.InvariantCulture);

    private sealed record Row(int Images, double Without, double With, double Ratio, double ExtraSeconds);
}
