using System.CommandLine;
using Assay.Preprocess;

namespace Assay.Benchmarks;

/// <summary>Whether a process that makes silver of thousands of images keeps its size.</summary>
internal static class SteadyCommand
{
    private const int Steps = 10;

    private static readonly (string Format, double Megapixels)[] Mixture =
        [("JPEG", 2), ("JPEG", 12), ("JPEG progressive", 2), ("JPEG", 2), ("PNG", 2), ("WebP", 2), ("JPEG", 12), ("TIFF LZW", 2), ("JPEG", 2), ("AVIF", 2)];

    public static Command Create()
    {
        var images = new Option<int>("--images") { Description = "How many images.", DefaultValueFactory = _ => 2_000 };
        var command = new Command("steady", "Resident memory while a mixture of formats is worked on, one image per core.") { images };
        command.SetAction((arguments, stop) => RunAsync(arguments.GetRequiredValue(images), stop));
        return command;
    }

    private static async Task RunAsync(int images, CancellationToken stop)
    {
        string[] files = [.. Mixture.Select(one => Pictures.Get(one.Format, one.Megapixels))];
        using var transform = new SilverTransform(new());
        Console.WriteLine("| images | resident | allocated for each |");
        Console.WriteLine("| --- | --- | --- |");
        for (var step = 1; step <= Steps; step++)
        {
            var (output, read, before) = (0L, 0L, GC.GetTotalAllocatedBytes(precise: true));
            await Parallel.ForAsync(0, images / Steps, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, async (i, ct) =>
            {
                var file = await File.ReadAllBytesAsync(files[i % files.Length], ct);
                var silver = await transform.ApplyInTurnAsync(file, ct);
                Interlocked.Add(ref output, silver.Jpeg.Length);
                Interlocked.Add(ref read, file.Length);
            });
            var allocated = (GC.GetTotalAllocatedBytes(precise: true) - before - output - read) / (images / Steps) / 1024;
            Console.WriteLine($"| {images / Steps * step} | {ProcessMemory.Now("VmRSS") / 1024} MiB | {allocated} KiB |");
        }
    }
}
