using System.CommandLine;
using System.Diagnostics;
using Assay.Platform.Messaging;
using Assay.Preprocess;

namespace Assay.Benchmarks;

/// <summary>What the largest images that the limits let through do to a process's memory. services/preprocess/Decoding/DecodeMemory.cs holds what follows from it.</summary>
internal static class MemoryCommand
{
    // Near the limits of the default settings.
    private static readonly (string Format, double Megapixels)[] All =
    [
        ("JPEG", 200), ("JPEG progressive", 50), ("JPEG progressive 4:4:4", 32), ("PNG", 200), ("PNG 16-bit", 100), ("PNG interlaced", 63),
        ("PNG interlaced, 16-bit, alpha", 14), ("WebP", 44), ("WebP lossless", 44), ("WebP alpha", 13.5), ("GIF", 32), ("TIFF LZW", 200), ("AVIF", 12),
        ("BMP", 21), ("JPEG XL", 19.5), ("JPEG 2000", 100),
    ];

    public static Command Create()
    {
        var command = new Command("memory", "The peak of a process that makes silver of one image, for the largest images that the limits let through.");
        command.SetAction(_ => Run());
        var file = new Argument<string>("FILE");
        var peak = new Command("peak", "What one file does to a process.") { file };
        peak.SetAction(arguments => Peak(arguments.GetRequiredValue(file)));
        command.Add(peak);
        return command;
    }

    private static void Run()
    {
        Console.WriteLine("| picture | before | peak | a pixel | outcome |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var (format, megapixels) in All)
        {
            var path = Pictures.Get(format, megapixels, plain: true);
            // A process of its own: what one image has taken must not be there for the next.
            var start = new ProcessStartInfo(Environment.ProcessPath!, ["memory", "peak", path])
            {
                RedirectStandardOutput = true,
                // As the services run: see docs/operations.md.
                Environment = { ["MALLOC_ARENA_MAX"] = "2", ["MALLOC_MMAP_THRESHOLD_"] = "131072", ["MALLOC_TRIM_THRESHOLD_"] = "131072" },
            };
            using var process = Process.Start(start)!;
            Console.Write($"| {format}, {megapixels} MP | {process.StandardOutput.ReadToEnd()}");
            process.WaitForExit();
        }
    }

    private static void Peak(string path)
    {
        using var transform = new SilverTransform(new());
        // Code and libraries are loaded by now.
        _ = transform.Apply(File.ReadAllBytes(Pictures.Get("JPEG", 2)), default);
        var file = File.ReadAllBytes(path);
        var before = ProcessMemory.Now("VmRSS");
        var (outcome, pixels) = Outcome(transform, file);
        var peak = ProcessMemory.Now("VmHWM");
        Console.WriteLine($"{before / 1024} MiB | {peak / 1024} MiB | {(peak - before) * 1024.0 / pixels:0.00} bytes | {outcome} |");
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
            return ($"refused: {refusal.Detail}", 1);
        }
    }
}
