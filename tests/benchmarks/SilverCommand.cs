using System.CommandLine;
using Assay.Preprocess;

namespace Assay.Benchmarks;

/// <summary>What the silver transform costs, beside bare decoding and beside <c>vipsthumbnail</c>.</summary>
internal static class SilverCommand
{
    private static readonly (string Format, double Megapixels)[] All =
    [
        ("JPEG", 12), ("JPEG", 2), ("JPEG", 48), ("JPEG 4:4:4", 12), ("JPEG progressive", 12), ("JPEG grey", 12), ("JPEG CMYK", 12),
        ("PNG", 12), ("PNG", 2), ("PNG 16-bit", 12), ("WebP", 12), ("WebP", 2), ("WebP lossless", 12), ("GIF", 12), ("TIFF", 12), ("TIFF LZW", 12),
        ("AVIF", 12), ("AVIF", 2), ("BMP", 12), ("JPEG XL", 12), ("JPEG 2000", 12),
    ];

    // What Debian 12's vipsthumbnail does not read, or not as this project's encoder writes it.
    private static readonly string[] Unknown = ["BMP", "JPEG XL"];

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often every picture is measured.", DefaultValueFactory = _ => 15 };
        var own = new Argument<FileInfo[]>("JPEG") { Description = "Photographs of your own, measured besides.", DefaultValueFactory = _ => [] };
        var command = new Command("silver", "CPU time of the silver transform ÷ CPU time of others at the same task, and what it allocates.") { rounds, own };
        command.SetAction(arguments => Run(arguments.GetRequiredValue(rounds), arguments.GetRequiredValue(own)));
        return command;
    }

    private static void Run(int rounds, FileInfo[] own)
    {
        if (!TurboJpeg.IsInstalled || !Thumbnailer.IsInstalled)
            Console.Error.WriteLine("Without libturbojpeg0 and libvips-tools there is nothing to compare with: those columns stay empty.");
        Console.WriteLine("| picture | size | ÷ bare decoding | ÷ decoding at a quarter | ÷ vipsthumbnail | allocated |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        using var transform = new SilverTransform(new());
        using var turbo = TurboJpeg.IsInstalled ? new TurboJpeg() : null;
        foreach (var (name, file, isKnown) in All.Select(one => ($"{one.Format}, {one.Megapixels} MP", Pictures.Get(one.Format, one.Megapixels), !Unknown.Contains(one.Format)))
                     .Concat(own.Select(photograph => (photograph.Name, photograph.FullName, true))))
            Measure(name, file, rounds, transform, turbo, isKnown);
    }

    private static void Measure(string name, string path, int rounds, SilverTransform transform, TurboJpeg? turbo, bool isKnown)
    {
        var file = File.ReadAllBytes(path);
        var isRgbJpeg = file.AsSpan().StartsWith((byte[])[0xFF, 0xD8]) && !name.Contains("CMYK", StringComparison.Ordinal);
        var output = transform.Apply(file, default);
        var (bare, quarter, thumbnail, allocated) = (new Ratio(), new Ratio(), new Ratio(), 0L);
        for (var round = 0; round < rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            _ = transform.Apply(file, default);
            allocated += GC.GetTotalAllocatedBytes(precise: true) - before - output.Jpeg.Length;
            if (turbo is not null && isRgbJpeg)
            {
                bare.Add(Cpu.Of(() => transform.Apply(file, default)), Cpu.Of(() => turbo.Decode(file, reduction: 1)));
                quarter.Add(Cpu.Of(() => transform.Apply(file, default)), Cpu.Of(() => turbo.Decode(file, reduction: 4)));
            }
            if (Thumbnailer.IsInstalled && isKnown)
                thumbnail.Add(Cpu.Of(() => transform.Apply(file, default)), Thumbnailer.Cost(path));
        }
        Console.WriteLine($"| {name} | {output.RawWidth} × {output.RawHeight} | {bare} | {quarter} | {thumbnail} | {allocated / rounds / 1024} KiB |");
    }
}
