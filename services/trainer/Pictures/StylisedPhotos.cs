using Assay.Trainer.Drawing;
using NetVips;

namespace Assay.Trainer.Pictures;

/// <summary>Photos made to look drawn: what a network that goes by outlines and empty backgrounds would call photos otherwise.</summary>
internal static class StylisedPhotos
{
    private static readonly (string Name, Func<Image, Chance, Image> Apply)[] Styles = [("pencil", Pencil), ("poster", Poster), ("painted", Painted)];

    /// <summary>One of each style from every photo that is chosen by chance.</summary>
    public static List<LabelledPicture> Make(IReadOnlyList<LabelledPicture> photos, int each, int seed, CancellationToken ct)
    {
        if (photos.Count == 0)
            return [];
        var pictures = new LabelledPicture[Styles.Length * each];
        Parallel.For(0, pictures.Length, new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            var chance = new Chance(unchecked(seed * 7919 + i));
            var (name, apply) = Styles[i / each];
            using var photo = Image.NewFromBuffer(chance.Pick(photos).File);
            using var srgb = photo.Colourspace(NetVips.Enums.Interpretation.Srgb);
            using var drawn = apply(srgb, chance);
            pictures[i] = new("drawing", $"stylised {name}", drawn.JpegsaveBuffer(q: 88), Origin: null);
        });
        return [.. pictures];
    }

    // Grey divided by its inverted blur leaves the outlines: "colour dodge".
    private static Image Pencil(Image photo, Chance chance)
    {
        using var grey = photo.Colourspace(NetVips.Enums.Interpretation.Bw);
        using var blurred = grey.Gaussblur(chance.Range(2, 6));
        using var brighter = blurred + 1;
        using var ratio = grey / brighter;
        using var sketch = ratio.Linear([chance.Range(1.5, 2.6)], [-chance.Range(0.6, 1.4)]);
        using var scaled = sketch * 255.0;
        return scaled.Cast(NetVips.Enums.BandFormat.Uchar);
    }

    // Few flat tones of clear colours.
    private static Image Poster(Image photo, Chance chance)
    {
        var levels = chance.Count(3, 5);
        using var smooth = photo.Median(chance.Pick([5, 7, 9]));
        using var steps = smooth * (levels / 256.0);
        using var floored = steps.Floor();
        using var spread = floored * (255.0 / (levels - 1));
        return spread.Cast(NetVips.Enums.BandFormat.Uchar);
    }

    // Small areas of one colour each, then more contrast, as broad strokes give.
    private static Image Painted(Image photo, Chance chance)
    {
        var (width, height) = (photo.Width, photo.Height);
        using var noise = Image.Gaussnoise(width, height, sigma: 12, mean: 0, seed: chance.Seed());
        using var rough = photo + noise;
        using var bytes = rough.Cast(NetVips.Enums.BandFormat.Uchar);
        using var coarse = bytes.Rank(9, 9, chance.Count(30, 60));
        using var smooth = coarse.Median(7);
        using var strong = smooth.Linear([chance.Range(1.1, 1.4)], [-chance.Range(5, 35)]);
        return strong.Cast(NetVips.Enums.BandFormat.Uchar);
    }
}
