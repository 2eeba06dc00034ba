using Assay.Trainer.Drawing;
using NetVips;

namespace Assay.Trainer.Samples;

/// <summary>Hills under a cloudy sky, computed from noise: as near to a photo as a picture can come that nobody took.</summary>
internal static class SyntheticLandscape
{
    /// <summary>The caller disposes the image.</summary>
    public static Image Draw(int width, int height, Chance chance)
    {
        using var sky = Canvas.Render(Sky(width, height));
        using var clouds = Octaves(width, height, 90, chance);
        using var mist = clouds.Linear([0.55], [0.1]);
        using var cloudy = Blend(sky, [236, 238, 240], mist);
        var scene = cloudy.Copy();
        for (var range = 0; range < 4; range++)
        {
            var distance = 1 - range / 4.0;
            using var mask = Ridge(width, height, range, chance);
            using var texture = Octaves(width, height, 18 + 10 * range, chance);
            using var ground = Ground(texture, distance);
            var next = mask.Ifthenelse(ground, scene, blend: true);
            scene.Dispose();
            scene = next;
        }
        using var bare = scene;
        using var grain = Image.Gaussnoise(width, height, sigma: 4, mean: 0, seed: chance.Seed());
        using var soft = bare.Gaussblur(0.6);
        using var noisy = soft + grain;
        using var bytes = noisy.Cast(NetVips.Enums.BandFormat.Uchar);
        using var srgb = bytes.Copy(interpretation: NetVips.Enums.Interpretation.Srgb);
        return srgb.CopyMemory();
    }

    private static Svg Sky(int width, int height)
    {
        var svg = new Svg(width, height);
        svg.Fill(svg.Gradient("#3d6fa8", "#dfe3dc"));
        return svg;
    }

    // Noise at three scales, 0 to 1.
    private static Image Octaves(int width, int height, int cell, Chance chance)
    {
        using var coarse = Image.Perlin(width, height, cellSize: cell, seed: chance.Seed());
        using var middle = Image.Perlin(width, height, cellSize: Math.Max(2, cell / 3), seed: chance.Seed());
        using var fine = Image.Perlin(width, height, cellSize: Math.Max(2, cell / 8), seed: chance.Seed());
        using var half = middle * 0.5;
        using var quarter = fine * 0.3;
        using var two = coarse + half;
        using var three = two + quarter;
        return three.Linear([0.35], [0.5]);
    }

    // White where the range of hills is.
    private static Image Ridge(int width, int height, int range, Chance chance)
    {
        var svg = new Svg(width, height);
        svg.Fill("#000000");
        var (phase, level) = (chance.Range(0, 9), height * (0.45 + 0.14 * range));
        var crest = Enumerable.Range(0, 161).Select(i => i / 160.0).Select(t => (
            t * width,
            level - height * (0.07 * Math.Sin(t * 5 + phase) + 0.035 * Math.Sin(t * 13 + phase * 2) + 0.012 * Math.Sin(t * 41 + phase * 3) + 0.006 * chance.Normal())));
        svg.Polygon([.. crest, (width, height), (0, height)], "#ffffff");
        using var image = Canvas.Render(svg);
        using var band = image.ExtractBand(0);
        return band.Gaussblur(0.8);
    }

    // Far hills are pale and blue, near ones dark, green and rough.
    private static Image Ground(Image texture, double distance)
    {
        double[] far = [140, 158, 178];
        double[] near = [58, 82, 40];
        var roughness = 110 * (1.15 - distance);
        using var centred = texture - 0.5;
        var bands = Enumerable.Range(0, 3).Select(i => centred.Linear([roughness], [far[i] * distance + near[i] * (1 - distance)])).ToArray();
        using var joined = bands[0].Bandjoin(bands[1], bands[2]);
        var ground = joined.CopyMemory();
        foreach (var band in bands)
            band.Dispose();
        return ground;
    }

    private static Image Blend(Image image, double[] colour, Image share)
    {
        using var difference = image.Linear([-1, -1, -1], colour);
        using var part = difference * share;
        return image + part;
    }
}
