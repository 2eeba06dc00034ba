using System.CommandLine;
using System.Globalization;
using Assay.Preprocess;

namespace Assay.Benchmarks;

/// <summary>Whether a process that makes silver of thousands of images keeps its size.</summary>
internal static class SteadyCommand
{
    // The heap and the C library's arenas find their size in the first images.
    private const int WarmUp = 200, Step = 100;

    private static readonly (string Format, double Megapixels)[] Mixture =
        [("JPEG", 2), ("JPEG", 12), ("JPEG progressive", 2), ("JPEG", 2), ("PNG", 2), ("WebP", 2), ("JPEG", 12), ("TIFF LZW", 2), ("JPEG", 2), ("AVIF", 2)];

    public static Command Create()
    {
        var images = new Option<int>("--images") { Description = $"How many images; the first {WarmUp} warm up.", DefaultValueFactory = _ => 2_000 };
        var json = ReportFormat.JsonOption();
        var command = new Command("steady", "Resident memory while a mixture of formats is worked on, one image per core.") { images, json };
        command.SetAction((arguments, stop) => RunAsync(arguments.GetRequiredValue(images), new(arguments.GetValue(json), "images", "resident", "allocated for each"), stop));
        return command;
    }

    private static async Task RunAsync(int images, Report<Row> report, CancellationToken stop)
    {
        string[] files = [.. Mixture.Select(one => Pictures.Get(one.Format, one.Megapixels))];
        using var transform = new SilverTransform(new());
        report.Begin();
        _ = await WorkAsync(transform, files, WarmUp, stop);
        for (var done = WarmUp; done <= images; done += Step)
        {
            var allocated = done == WarmUp ? 0 : await WorkAsync(transform, files, Step, stop);
            var row = new Row(done, ProcessMemory.Now("VmRSS") / 1024, allocated / 1024);
            report.Add(row, row.Images, $"{row.ResidentMiB} MiB", done == WarmUp ? "—" : $"{row.AllocatedKiB} KiB");
        }
        report.End();
        Console.WriteLine($"\nStart {report.Rows[0].ResidentMiB} MiB, most {report.Rows.Max(row => row.ResidentMiB)} MiB, end {report.Rows[^1].ResidentMiB} MiB, "
            + string.Create(CultureInfo.InvariantCulture, $"slope {Slope(report.Rows):+0.0;-0.0;0.0} MiB per 1,000 images (least squares)."));
    }

    // Returns the bytes that were allocated for an image, besides the original and the silver image.
    private static async Task<long> WorkAsync(SilverTransform transform, string[] files, int images, CancellationToken stop)
    {
        var (output, read, before) = (0L, 0L, GC.GetTotalAllocatedBytes(precise: true));
        await Parallel.ForAsync(0, images, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, async (i, ct) =>
        {
            var file = await File.ReadAllBytesAsync(files[i % files.Length], ct);
            var silver = await transform.ApplyInTurnAsync(file, ct);
            Interlocked.Add(ref output, silver.Jpeg.Length);
            Interlocked.Add(ref read, file.Length);
        });
        return (GC.GetTotalAllocatedBytes(precise: true) - before - output - read) / images;
    }

    private static double Slope(IReadOnlyList<Row> rows)
    {
        var (images, resident) = (rows.Average(row => row.Images), rows.Average(row => row.ResidentMiB));
        var spread = rows.Sum(row => Math.Pow(row.Images - images, 2));
        return spread > 0 ? rows.Sum(row => (row.Images - images) * (row.ResidentMiB - resident)) / spread * 1_000 : 0;
    }

    private sealed record Row(int Images, long ResidentMiB, long AllocatedKiB);
}
