using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Assay.Platform.Messaging;
using Assay.Preprocess;

namespace Assay.Benchmarks;

/// <summary>What the largest images that the limits let through do to a process's memory. services/preprocess/Decoding/DecodeMemory.cs holds what follows from it.</summary>
internal static class MemoryCommand
{
    private const long KiB = 1024, MiB = 1024 * 1024;

    // Near the limits of the default settings: in pixels or in bytes (64 MiB, which are in memory too). A plain picture has a small file however many pixels it has;
    // where a decoder packs plain pixels, and so flatters itself, one that is drawn stands beside it. The outcome says when a limit has become narrower than this list.
    private static readonly (string Format, double Megapixels, bool Plain)[] All =
    [
        ("JPEG", 200, true), ("JPEG", 48, false), ("JPEG progressive", 50, true), ("JPEG progressive", 50, false), ("JPEG progressive 4:4:4", 33, true), ("JPEG CMYK", 12, false),
        ("PNG", 200, true), ("PNG", 28, false), ("PNG 16-bit", 100, true), ("PNG 16-bit", 15, false), ("PNG interlaced", 62, true), ("PNG interlaced", 20, false),
        ("PNG interlaced, 16-bit, alpha", 14.5, true), ("WebP", 44, true), ("WebP", 44, false), ("WebP lossless", 44, true), ("WebP lossless", 44, false), ("WebP alpha", 14, true),
        ("WebP alpha", 14, false), ("GIF", 21, true), ("GIF", 31, false), ("TIFF", 22, false), ("TIFF LZW", 200, true), ("AVIF", 12, true), ("AVIF", 12, false), ("HEIC", 26, true),
        ("HEIC", 26, false), ("BMP", 21, true), ("JPEG XL", 19, true), ("JPEG XL", 19, false), ("JPEG 2000", 100, true), ("JPEG 2000", 48, false),
    ];

    public static Command Create()
    {
        var json = ReportFormat.JsonOption();
        var command = new Command("memory", "The peak of a process that makes silver of one image, for the largest images that the limits let through.") { json };
        command.SetAction(arguments => Run(new(arguments.GetValue(json), "picture", "file", "before", "peak", "a pixel", "outcome")));
        var file = new Argument<string>("FILE");
        var peak = new Command("peak", "What one file does to a process, as JSON.") { file };
        peak.SetAction(arguments => Console.WriteLine(JsonSerializer.Serialize(Measure(arguments.GetRequiredValue(file)))));
        command.Add(peak);
        return command;
    }

    private static void Run(Report<Row> report)
    {
        report.Begin();
        foreach (var (format, megapixels, plain) in All.Where(one => Pictures.CanMake(one.Format)))
        {
            var path = Pictures.Get(format, megapixels, plain);
            var row = new Row($"{format}, {megapixels} MP{(plain ? ", plain" : "")}", new FileInfo(path).Length, InProcessOfItsOwn(path));
            report.Add(row, row.Picture, Tenths(row.FileBytes / (double)MiB), $"{row.Peak.BeforeKiB / KiB} MiB", $"{row.Peak.PeakKiB / KiB} MiB", row.Peak.ForAPixel, row.Peak.Outcome);
        }
        report.End();
    }

    // What one image has taken must not be there for the next.
    private static Peak InProcessOfItsOwn(string path)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["memory", "peak", path])
        {
            RedirectStandardOutput = true,
            // As the services run: see docs/operations.md.
            Environment = { ["MALLOC_ARENA_MAX"] = "2", ["MALLOC_MMAP_THRESHOLD_"] = "131072", ["MALLOC_TRIM_THRESHOLD_"] = "131072" },
        };
        using var process = Process.Start(start)!;
        return JsonSerializer.Deserialize<Peak>(process.StandardOutput.ReadToEnd())!;
    }

    private static Peak Measure(string path)
    {
        using var transform = new SilverTransform(new());
        // Code and libraries are loaded by now.
        _ = transform.Apply(File.ReadAllBytes(Pictures.Get("JPEG", 2)), default);
        var file = File.ReadAllBytes(path);
        var before = ProcessMemory.Now("VmRSS");
        var (outcome, pixels) = Outcome(transform, file);
        return new(before, ProcessMemory.Now("VmHWM"), pixels, outcome);
    }

    private static (string Outcome, long Pixels) Outcome(SilverTransform transform, byte[] file)
    {
        try
        {
            var silver = transform.Apply(file, default);
            return ("silver", (long)silver.RawWidth * silver.RawHeight);
        }
        catch (InvalidImageException refusal)
        {
            return ($"refused: {refusal.Detail}", 0);
        }
    }

    private static string Tenths(double mebibytes) => string.Create(CultureInfo.InvariantCulture, $"{mebibytes:0.0} MiB");

    private sealed record Row(string Picture, long FileBytes, Peak Peak);

    // Resident KiB once the file was read, and at most; no pixels where it was refused.
    private sealed record Peak(long BeforeKiB, long PeakKiB, long Pixels, string Outcome)
    {
        [JsonIgnore]
        public string ForAPixel => Pixels == 0 ? "—" : string.Create(CultureInfo.InvariantCulture, $"{(PeakKiB - BeforeKiB) * (double)KiB / Pixels:0.00} bytes");
    }
}
