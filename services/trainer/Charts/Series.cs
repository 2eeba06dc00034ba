using Assay.Trainer.Drawing;

namespace Assay.Trainer.Charts;

/// <summary>Made-up data, as shares of the axis from 0 to 1.</summary>
internal static class Series
{
    /// <summary>A curve of one of several characters: growth, decay, saturation, waves, a random walk, a step.</summary>
    public static double[] Curve(Chance chance, int points)
    {
        var kind = chance.Count(0, 6);
        var (a, b, noise) = (chance.Range(0.1, 0.9), chance.Range(1, 6), chance.Odds(0.5) ? chance.Range(0, 0.08) : 0);
        var walk = chance.Range(0.2, 0.8);
        var values = new double[points];
        for (var i = 0; i < points; i++)
        {
            var t = (double)i / Math.Max(1, points - 1);
            walk += chance.Normal() * 0.9 / Math.Sqrt(points) * 0.5;
            values[i] = Math.Clamp(noise * chance.Normal() + kind switch
            {
                0 => 0.05 + a * t,
                1 => 0.05 + a * Math.Exp(-b * t),
                2 => 0.9 * a * (1 - Math.Exp(-b * t)),
                3 => 0.5 + 0.4 * a * Math.Sin(b * 2 * t * Math.PI + a * 9),
                4 => 0.9 / (1 + Math.Exp(-12 * (t - a))),
                5 => Math.Exp(-(t - a) * (t - a) * 30) * 0.85,
                _ => walk,
            }, 0.01, 0.98);
        }
        return values;
    }

    /// <summary>Heights of columns: even, falling, or around a peak.</summary>
    public static double[] Heights(Chance chance, int columns)
    {
        var kind = chance.Count(0, 2);
        var peak = chance.Range(0.2, 0.8);
        return [.. Enumerable.Range(0, columns).Select(i => (double)i / columns).Select(t => Math.Clamp(kind switch
        {
            0 => chance.Range(0.1, 0.95),
            1 => 0.95 * Math.Exp(-2.5 * t) * chance.Range(0.8, 1),
            _ => 0.9 * Math.Exp(-(t - peak) * (t - peak) * 14) * chance.Range(0.8, 1.05),
        }, 0.02, 0.97))];
    }

    public static string[] Names(Chance chance, int count) => [.. Enumerable.Range(0, count).Select(_ => Words.Group(chance))];
}
