using Assay.Trainer.Charts;
using Assay.Trainer.Diagrams;
using Assay.Trainer.Documents;
using Assay.Trainer.Drawing;
using Assay.Trainer.Drawings;
using Assay.Trainer.Screens;
using NetVips;

namespace Assay.Trainer.Samples;

/// <summary>
/// The files of <c>samples/</c>: something of every kind, in every common format, and what goes wrong. All are drawn by this program, none is in a training set (these seeds
/// are used for nothing else).
/// <list type="bullet">
/// <item>Ordinary: two or three each of charts, diagrams, documents, screens and drawings. <c>landscape-synthetic.jpg</c> is computed from noise, nobody took it.</item>
/// <item>Formats: <c>sideways-exif-6.jpg</c> lies on its side and says so in its EXIF orientation, and has a camera and a time; <c>transparent.png</c>, <c>grey.png</c> (one band),
/// <c>sixteen-bit.png</c>, <c>cmyk.jpg</c>, <c>town.webp</c>, <c>pixel-art.gif</c>, <c>scan.tiff</c>.</item>
/// <item>To be refused: <c>truncated.jpg</c> ends half way, <c>notes.jpg</c> is a text, <c>empty.png</c> has no bytes.</item>
/// </list>
/// </summary>
internal static class SampleFiles
{
    private const int Quality = 82;

    private static readonly byte[] Notes = "These are notes, not a picture. Whoever named the file .jpg was mistaken.\n"u8.ToArray();

    /// <summary>Writes all of them.</summary>
    public static async Task WriteAsync(string folder, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, make) in All)
            await File.WriteAllBytesAsync(Path.Combine(folder, name), make(), ct);
    }

    private static (string Name, Func<byte[]> Make)[] All =>
    [
        ("chart-columns.png", () => Png(ChartPages.Single(BarCharts.Columns, new Chance(900_001)))),
        ("chart-lines.png", () => Png(ChartPages.Single(LineCharts.Lines, new Chance(900_202)))),
        ("chart-pie.png", () => Png(ChartPages.Single(RoundCharts.Pie, new Chance(900_003)))),
        ("diagram-flow.png", () => Png(Graphs.Flow(new Chance(900_204)))),
        ("diagram-network.png", () => Png(Graphs.Architecture(new Chance(900_105)))),
        ("document-page.png", () => Save(Pages.Article(new Chance(900_006), Album.Empty), image => image.Resize(0.7), image => image.PngsaveBuffer(compression: 9, palette: true, bitdepth: 4))),
        ("document-invoice.png", () => Png(Forms.Invoice(new Chance(900_007), Album.Empty))),
        ("screenshot-desktop.png", () => Png(Desktops.FileManager(new Chance(900_008), Album.Empty))),
        ("screenshot-phone.png", () => Png(Phones.Chat(new Chance(900_009), Album.Empty))),
        ("drawing-sketch.png", () => Png(Scenes.Sketch(new Chance(900_210)))),
        ("drawing-cartoon.png", () => Png(Cartoons.Animal(new Chance(900_011)))),
        ("drawing-painting.jpg", () => Jpeg(Scenes.Painting(new Chance(900_012)))),
        ("landscape-synthetic.jpg", Landscape),
        ("sideways-exif-6.jpg", Sideways),
        ("transparent.png", Transparent),
        ("grey.png", () => Save(Forms.Form(new Chance(900_015), Album.Empty), image => image.Colourspace(NetVips.Enums.Interpretation.Bw), image => image.PngsaveBuffer(compression: 9))),
        ("sixteen-bit.png", SixteenBit),
        ("cmyk.jpg", () => Save(Scenes.Landscape(new Chance(900_017)), image => image.Colourspace(NetVips.Enums.Interpretation.Cmyk), image => image.JpegsaveBuffer(q: Quality, keep: NetVips.Enums.ForeignKeep.None))),
        ("town.webp", () => Save(Scenes.Town(new Chance(900_018)), image => image.Copy(), image => image.WebpsaveBuffer(q: Quality))),
        ("pixel-art.gif", () => Save(Scenes.Pixels(new Chance(900_119)), image => image.Copy(), image => image.GifsaveBuffer())),
        ("scan.tiff", () => Save(Pages.Letter(new Chance(900_020), Album.Empty), Scanned, image => image.TiffsaveBuffer(compression: NetVips.Enums.ForeignTiffCompression.Jpeg, q: 70))),
        ("truncated.jpg", () => Jpeg(Scenes.Landscape(new Chance(900_021))) is var whole ? whole[..(whole.Length / 2)] : []),
        ("notes.jpg", () => Notes),
        ("empty.png", () => []),
    ];

    private static byte[] Png(Svg svg) => Save(svg, image => image.Copy(), image => image.PngsaveBuffer(compression: 9, palette: true, q: 90));

    private static byte[] Jpeg(Svg svg) => Save(svg, image => image.Copy(), image => image.JpegsaveBuffer(q: Quality));

    private static byte[] Save(Svg svg, Func<Image, Image> change, Func<Image, byte[]> save)
    {
        using var image = Canvas.Render(svg);
        using var changed = change(image);
        return save(changed);
    }

    private static Image Scanned(Image page)
    {
        using var scan = Camera.Scan(page, new Chance(900_120));
        return scan.Resize(0.6);
    }

    private static byte[] Landscape()
    {
        using var image = SyntheticLandscape.Draw(640, 427, new Chance(900_013));
        return image.JpegsaveBuffer(q: 75);
    }

    // Turned left and marked "turn right": upright again for whoever reads the mark.
    private static byte[] Sideways()
    {
        using var upright = SyntheticLandscape.Draw(480, 360, new Chance(900_014));
        using var lying = upright.Rot270();
        using var marked = lying.Mutate(image =>
        {
            image.Set(GValue.GIntType, "orientation", 6);
            image.Set(GValue.GStrType, "exif-ifd0-Make", "Assay");
            image.Set(GValue.GStrType, "exif-ifd0-Model", "Synthetic camera");
            image.Set(GValue.GStrType, "exif-ifd2-DateTimeOriginal", "2025:06:21 12:34:56");
        });
        return marked.JpegsaveBuffer(q: 75);
    }

    private static byte[] Transparent()
    {
        var svg = new Svg(360, 360);
        svg.Circle(180, 180, 150, "#f5b700", "#333333", 8, 0.85);
        svg.Circle(130, 150, 18, "#333333");
        svg.Circle(230, 150, 18, "#333333");
        svg.Path("M 105 220 Q 180 300 255 220", "none", "#333333", 12);
        using var image = Canvas.RenderTransparent(svg);
        return image.PngsaveBuffer(compression: 9);
    }

    private static byte[] SixteenBit()
    {
        using var image = Canvas.Render(ChartPages.Single(PointCharts.Scatter, new Chance(900_116)));
        using var half = image.ThumbnailImage(360);
        using var deep = half.Colourspace(NetVips.Enums.Interpretation.Rgb16);
        return deep.PngsaveBuffer(compression: 9, bitdepth: 16);
    }
}
