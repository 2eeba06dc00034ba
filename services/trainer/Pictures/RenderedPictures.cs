using Assay.Trainer.Drawing;
using NetVips;

namespace Assay.Trainer.Pictures;

/// <summary>Training pictures that this program draws.</summary>
internal static class RenderedPictures
{
    /// <summary>So many of every rendering, as image files. The same seed and album give the same pictures, given the same fonts.</summary>
    public static List<LabelledPicture> Make(int each, int seed, Album album, CancellationToken ct)
    {
        var all = Rendering.All;
        var pictures = new LabelledPicture[all.Count * each];
        Parallel.For(0, pictures.Length, new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            var rendering = all[i / each];
            pictures[i] = new(rendering.Kind, $"rendered {rendering.Name}", Draw(rendering, new Chance(unchecked(seed * 1_000_003 + i)), album), Origin: null);
        });
        return [.. pictures];
    }

    private static byte[] Draw(Rendering rendering, Chance chance, Album album)
    {
        var svg = rendering.Draw(chance, album);
        using var image = Canvas.Render(chance.Odds(0.15) ? Scripts.Write(svg, chance) : svg.ToString());
        using var worn = Wear(image, rendering.Kind, chance);
        return chance.Odds(0.5) ? worn.JpegsaveBuffer(q: chance.Count(60, 95)) : worn.PngsaveBuffer(compression: 1);
    }

    // What happens to pictures on their way: paper is scanned or photographed, screens are photographed, figures are photographed from a page or a wall, anything is scaled.
    private static Image Wear(Image image, string kind, Chance chance)
    {
        var (scanned, photographed) = kind switch
        {
            "document" => (0.4, 0.2),
            "screenshot" => (0, 0.15),
            "chart" or "diagram" => (0.05, 0.08),
            _ => (0, 0.03),
        };
        if (chance.Odds(scanned))
            return Camera.Scan(image, chance);
        if (chance.Odds(photographed))
            return kind == "screenshot" ? Camera.PhotographOfScreen(image, chance) : Camera.PhotographOfPaper(image, chance);
        return chance.Odds(0.3) ? image.Resize(chance.Range(0.45, 0.95)) : image.Copy();
    }
}
