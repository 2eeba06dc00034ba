using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Assay.Platform.Objects;
using Assay.Tests;
using Assay.Tests.Distributed;
using Assay.Tests.Ingest;

namespace Assay.Benchmarks;

/// <summary>What an image costs from landing to label, in processor time of each service and in bytes of each layer and of the catalog: the real services on real servers.</summary>
internal static class CapacityCommand
{
    // Until the code that every image takes has been compiled for good.
    private const int WarmUp = 100;

    private const double Million = 1e6, SecondsOfDay = 86_400;

    private static readonly string[] Stages = ["ingest", "preprocess", "enrich", "classify"];
    private static readonly double[] Sizes = [2, 12];

    public static Command Create()
    {
        var images = new Option<int>("--images") { Description = "How many images of each size.", DefaultValueFactory = _ => 500 };
        var json = ReportFormat.JsonOption();
        var command = new Command("capacity", "What an image costs: processor time of each service, bytes of each layer and of the catalog. Needs the tests' servers.") { images, json };
        command.SetAction((arguments, stop) => RunAsync(arguments.GetRequiredValue(images), new(arguments.GetValue(json), "picture", "what", "an image", "a million"), stop));
        return command;
    }

    private static async Task<int> RunAsync(int images, Report<Row> report, CancellationToken stop)
    {
        if (!await TestServers.AreNamedAsync())
            return 1;
        report.Begin();
        foreach (var megapixels in Sizes)
            await MeasureAsync(megapixels, images, report, stop);
        report.End();
        return 0;
    }

    private static async Task MeasureAsync(double megapixels, int images, Report<Row> report, CancellationToken stop)
    {
        var picture = await File.ReadAllBytesAsync(Pictures.Get("JPEG", megapixels), stop);
        await using var deployment = await Deployment.NewAsync();
        // The package that comes with Assay.
        deployment.Settings.Remove("ASSAY_CLASSIFY__MODEL");
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "";
        await deployment.SetupAsync();
        var services = await deployment.StartAllAsync();
        var (landed, name) = (0, string.Create(CultureInfo.InvariantCulture, $"JPEG, {megapixels:0} MP"));

        await LandAsync(WarmUp);
        var before = await StateAsync(deployment, services, stop);
        await LandAsync(images);
        var after = await StateAsync(deployment, services, stop);

        foreach (var (what, amount) in after.Seconds)
        {
            var seconds = (amount - before.Seconds[what]) / images;
            report.Add(new Row(name, what, seconds, "s"), name, $"`{what}`", Text(seconds * 1e3, "0.0", "ms of a core"), Text(seconds * Million / SecondsOfDay, "0.00", "cores, if they come in a day"));
        }
        foreach (var (what, amount) in after.Bytes)
        {
            var bytes = (double)(amount - before.Bytes[what]) / images;
            report.Add(new Row(name, what, bytes, "By"), name, what, Text(bytes / 1e3, "0.0", "kB"), Text(bytes * Million / 1e9, "0", "GB"));
        }

        async Task LandAsync(int more)
        {
            for (var i = 0; i < more; i++, landed++)
            {
                stop.ThrowIfCancellationRequested();
                var key = $"{landed:00000}.jpg";
                // Each has bytes of its own, behind the end of the picture: the same bytes would be worked on once.
                await deployment.DropAsync(key, [.. picture, .. BitConverter.GetBytes(landed)]);
                await deployment.PublishEventAsync(NotificationText.Records(NotificationText.AmazonRecord(deployment.Landing, key)));
            }
            await Eventually.HoldsAsync(
                "all are classified", async () => await deployment.CountAsync("COUNT(*) FROM image_status WHERE status = 'classified'") == landed, TimeSpan.FromMinutes(20), deployment.Logs);
        }
    }

    private static async Task<State> StateAsync(Deployment deployment, IReadOnlyList<ServiceProcess> services, CancellationToken stop)
    {
        var seconds = new Dictionary<string, double>();
        foreach (var (stage, service) in Stages.Zip(services))
        {
            using var process = Process.GetProcessById(service.Id);
            seconds[stage] = process.TotalProcessorTime.TotalSeconds;
        }
        var bytes = new Dictionary<string, long>();
        foreach (var layer in new[] { Layer.Bronze, Layer.Silver, Layer.Gold })
            bytes[layer] = await deployment.Objects.ListAsync($"{deployment.Name}-{layer}", "", stop).Select(found => found.Bytes).SumAsync(stop);
        bytes["catalog"] = await deployment.CountAsync("pg_database_size(current_database())");
        return new(seconds, bytes);
    }

    private static string Text(double number, string format, string unit) => $"{number.ToString(format, CultureInfo.InvariantCulture)} {unit}";

    private sealed record State(Dictionary<string, double> Seconds, Dictionary<string, long> Bytes);

    private sealed record Row(string Picture, string What, double PerImage, string Unit);
}
