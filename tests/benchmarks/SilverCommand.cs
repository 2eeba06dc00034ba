using System.CommandLine;
using Assay.Preprocess;

namespace Assay.Benchmarks;

/// <summary>What the silver transform costs, beside bare decoding and beside <c>vipsthumbnail</c>.</summary>
internal static class SilverCommand
{
    // What is larger has no file within the limits: docs/operations.md.
    private static readonly (string Format, double Megapixels)[] All =
    [
        ("JPEG", 12), ("JPEG", 2), ("JPEG", 48), ("JPEG 4:4:4", 12), ("JPEG progressive", 12), ("JPEG progressive", 2), ("JPEG progressive", 48), ("JPEG grey", 12),
        ("JPEG CMYK", 12), ("PNG", 12), ("PNG", 2), ("PNG 16-bit", 12), ("PNG 16-bit", 2), ("WebP", 12), ("WebP", 2), ("WebP lossless", 12), ("WebP lossless", 2),
        ("TIFF", 12), ("TIFF", 2), ("TIFF LZW", 12), ("GIF", 12), ("GIF", 2), ("AVIF", 12), ("AVIF", 2), ("HEIC", 12), ("HEIC", 2), ("BMP", 12), ("BMP", 2),
        ("JPEG XL", 12), ("JPEG XL", 2), ("JPEG 2000", 12), ("JPEG 2000", 2),
    ];

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often every picture is measured.", DefaultValueFactory = _ => 15 };
        var only = new Option<string[]>("--only") { Description = "Only the pictures whose name begins so, for instance \"JPEG, 12 MP\"; may be given again.", DefaultValueFactory = _ => [] };
        var shared = new Option<DirectoryInfo?>("--shared") { Description = "The folder with real pictures: a telephone's photograph from there is measured besides." };
        var json = ReportFormat.JsonOption();
        var own = new Argument<FileInfo[]>("FILE") { Description = "Pictures of your own, measured besides.", DefaultValueFactory = _ => [] };
        var command = new Command("silver", "CPU time of the silver transform ÷ CPU time of others at the same task, and what it allocates.") { rounds, only, shared, json, own };
        command.SetAction(arguments => Run(
            [.. Drawn(arguments.GetRequiredValue(only)), .. Photographs(arguments.GetValue(shared)), .. arguments.GetRequiredValue(own).Select(file => new Picture(file.Name, file.FullName))],
            arguments.GetRequiredValue(rounds),
            new(arguments.GetValue(json), "picture", "size", "÷ bare decoding", "÷ decoding at a quarter", "÷ vipsthumbnail", "÷ JPEG, 12 MP", "allocated")));
        return command;
    }

    private static IEnumerable<Picture> Drawn(string[] only) =>
        from one in All
        let name = $"{one.Format}, {one.Megapixels} MP"
        where only.Length == 0 || only.Any(start => name.StartsWith(start, StringComparison.Ordinal))
        where Pictures.CanMake(one.Format)
        select new Picture(name, Pictures.Get(one.Format, one.Megapixels), one.Format != "JPEG CMYK");

    private static IEnumerable<Picture> Photographs(DirectoryInfo? shared) => shared is null
        ? []
        : [new("photograph, HEIC", Pictures.Photograph(shared)), .. ((string[])["JPEG", "JPEG progressive"]).Select(format => new Picture($"photograph, {format}", Pictures.Photograph(shared, format)))];

    private static void Run(IEnumerable<Picture> pictures, int rounds, Report<Row> report)
    {
        if (!TurboJpeg.IsInstalled || !Thumbnailer.IsInstalled || !Pictures.CanMake("HEIC"))
            Console.Error.WriteLine("Without libturbojpeg0, libvips-tools and libheif-examples there is less to compare: those columns and rows are missing.");
        var reference = File.ReadAllBytes(Pictures.Get("JPEG", 12));
        using var transform = new SilverTransform(new());
        using var turbo = TurboJpeg.IsInstalled ? new TurboJpeg() : null;
        // Compiled well before anything counts.
        for (var i = 0; i < 50; i++)
            _ = transform.Apply(reference, default);
        report.Begin();
        foreach (var picture in pictures)
        {
            var row = Measure(picture, reference, rounds, transform, turbo);
            report.Add(row, row.Picture, $"{row.Width} × {row.Height}", Spread.Cell(row.ToBareDecoding), Spread.Cell(row.ToQuarterDecoding), Spread.Cell(row.ToVipsthumbnail), row.ToJpeg12,
                $"{row.AllocatedBytes / 1024} KiB");
        }
        report.End();
    }

    private static Row Measure(Picture picture, byte[] reference, int rounds, SilverTransform transform, TurboJpeg? turbo)
    {
        var file = File.ReadAllBytes(picture.Path);
        var isJpeg = picture.IsRgb && file.AsSpan().StartsWith((byte[])[0xFF, 0xD8]);
        var output = transform.Apply(file, default);
        var isThumbnailTheSame = Thumbnailer.IsInstalled && Thumbnailer.MakesTheSame(picture.Path, output);
        var (bare, quarter, thumbnail, jpeg, allocated) = (new Ratio(), new Ratio(), new Ratio(), new Ratio(), 0L);
        for (var round = 0; round < rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            _ = transform.Apply(file, default);
            allocated += GC.GetTotalAllocatedBytes(precise: true) - before - output.Jpeg.Length;
            jpeg.Add(Silver(), Cpu.Of(() => transform.Apply(reference, default)));
            if (turbo is not null && isJpeg)
            {
                bare.Add(Silver(), Cpu.Of(() => turbo.Decode(file, reduction: 1)));
                quarter.Add(Silver(), Cpu.Of(() => turbo.Decode(file, reduction: 4)));
            }
            if (isThumbnailTheSame)
                thumbnail.Add(Silver(), Thumbnailer.Cost(picture.Path));
        }
        return new(picture.Name, output.RawWidth, output.RawHeight, bare.Result(), quarter.Result(), thumbnail.Result(), jpeg.Result()!, allocated / rounds);

        TimeSpan Silver() => Cpu.Of(() => transform.Apply(file, default));
    }

    private sealed record Picture(string Name, string Path, bool IsRgb = true);

    // Ratios of CPU time, and bytes on the managed heap besides the silver image itself.
    private sealed record Row(
        string Picture, int Width, int Height, Spread? ToBareDecoding, Spread? ToQuarterDecoding, Spread? ToVipsthumbnail, Spread ToJpeg12, long AllocatedBytes);
}
