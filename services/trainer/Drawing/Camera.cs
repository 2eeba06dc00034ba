using NetVips;

namespace Assay.Trainer.Drawing;

/// <summary>What scanners and cameras make of a flat picture. The caller disposes what it gets.</summary>
internal static class Camera
{
    /// <summary>A sheet as a scanner gives it: a little askew, grey or yellowish, unevenly lit, noisy.</summary>
    public static Image Scan(Image page, Chance chance)
    {
        using var turned = page.Rotate(chance.Normal() * 1.4, background: chance.Odds(0.7) ? [250, 249, 246] : [40, 40, 40]);
        using var noise = Image.Gaussnoise(turned.Width, turned.Height, sigma: chance.Range(2, 12), mean: 0, seed: chance.Seed());
        using var blurred = turned.Gaussblur(chance.Range(0.2, 0.9));
        using var noisy = blurred + noise;
        var (dark, light) = (chance.Range(0, 25), chance.Range(0.82, 1));
        using var faded = noisy.Linear([light, light * chance.Range(0.96, 1), light * chance.Range(0.88, 1)], [dark, dark, dark * 0.8]);
        using var bytes = faded.Cast(NetVips.Enums.BandFormat.Uchar);
        using var grey = chance.Odds(0.5) ? bytes.Colourspace(NetVips.Enums.Interpretation.Bw) : bytes.Copy();
        return grey.CopyMemory();
    }

    /// <summary>A screen as somebody photographs it: as paper, and its dots meet the camera's in coloured waves (moiré).</summary>
    public static Image PhotographOfScreen(Image screen, Chance chance)
    {
        using var pixels = Image.Xyz(screen.Width, screen.Height);
        // Degrees a pixel: the wave that is left of two fine grids, 9 to 72 pixels long.
        var (across, down, strength) = (chance.Range(-40, 40), chance.Range(5, 40), chance.Range(0.02, 0.1));
        using var waves = Sum(pixels[0], across, pixels[1], down, 0);
        using var coloured = waves.Linear([1, 1, 1], [0, chance.Range(0, 120), chance.Range(0, 240)]);
        using var pattern = coloured.Sin().Linear([strength], [1]);
        using var shown = screen * pattern;
        using var bytes = shown.Cast(NetVips.Enums.BandFormat.Uchar);
        return PhotographOfPaper(bytes, chance);
    }

    /// <summary>A sheet on a table, or a poster on a wall, as somebody photographs it: from an angle, in the light there is.</summary>
    public static Image PhotographOfPaper(Image sheet, Chance chance)
    {
        var (width, height) = (sheet.Width, sheet.Height);
        using var pixels = Image.Xyz(width, height);
        using var across = pixels[0].Linear([2.0 / width], [-1]);
        using var down = pixels[1].Linear([2.0 / height], [-1]);

        // Where the point (u, v) of the photograph lies on the sheet: turned, further away, and in perspective. Both reach from -1 to 1.
        var angle = chance.Normal() * 0.06;
        var away = chance.Range(0.98, 1.35);
        using var depth = Sum(across, chance.Normal() * 0.09, down, chance.Normal() * 0.09, 1);
        using var turnedAcross = Sum(across, away * Math.Cos(angle), down, -away * Math.Sin(angle) * height / width, chance.Normal() * 0.08);
        using var turnedDown = Sum(across, away * Math.Sin(angle) * width / height, down, away * Math.Cos(angle), chance.Normal() * 0.08);
        using var sheetAcross = turnedAcross / depth;
        using var sheetDown = turnedDown / depth;
        using var column = sheetAcross.Linear([width / 2.0], [width / 2.0]);
        using var row = sheetDown.Linear([height / 2.0], [height / 2.0]);
        using var places = column.Bandjoin(row);
        double[] table = [chance.Range(20, 235), chance.Range(20, 225), chance.Range(20, 215)];
        using var seen = sheet.Mapim(places, background: table, extend: NetVips.Enums.Extend.Background);

        using var light = Sum(across, chance.Normal() * 0.12, down, chance.Normal() * 0.12, chance.Range(0.75, 1.05));
        using var lit = seen * light;
        using var blurred = lit.Gaussblur(chance.Range(0.3, 1.4));
        using var noise = Image.Gaussnoise(width, height, sigma: chance.Range(1, 9), mean: 0, seed: chance.Seed());
        using var noisy = blurred + noise;
        var warmth = chance.Normal() * 0.06;
        using var tinted = noisy.Linear([1 + warmth, 1, 1 - warmth], [0, 0, 0]);
        using var bytes = tinted.Cast(NetVips.Enums.BandFormat.Uchar);
        return bytes.CopyMemory();
    }

    private static Image Sum(Image across, double byColumn, Image down, double byRow, double constant)
    {
        using var first = across * byColumn;
        using var second = down.Linear([byRow], [constant]);
        return first + second;
    }
}
