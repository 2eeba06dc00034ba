using Assay.Trainer.Drawing;

namespace Assay.Trainer.Charts;

/// <summary>Lines, areas, bands and candlesticks.</summary>
internal static class LineCharts
{
    public static void Lines(Svg svg, Chance chance, Box box, Look look)
    {
        var (series, points) = (chance.Count(1, 6), chance.Pick([5, 8, 12, 30, 80, 200]));
        var area = PlotArea.Draw(svg, chance, box, look, points == 12 ? Series.Names(chance, 12) : null);
        var (line, marked, band) = (chance.Range(0.8, 3), points < 20 && chance.Odds(0.6), chance.Odds(0.2));
        for (var s = 0; s < series; s++)
        {
            var curve = Place(area, Series.Curve(chance, points));
            if (band)
                Between(area, curve, area.Inner.Height * chance.Range(0.03, 0.12), look[s]);
            svg.Polyline(curve, look[s], line, chance.Odds(0.15) ? "6 4" : "none");
            if (marked)
            {
                foreach (var (x, y) in curve)
                    svg.Circle(x, y, line * 1.8, chance.Odds(0.5) ? look[s] : look.Back, look[s], line * 0.8);
            }
        }
        if (series > 1 && chance.Odds(0.65))
            area.Legend(chance, series);
    }

    public static void Area(Svg svg, Chance chance, Box box, Look look)
    {
        var (series, points) = (chance.Count(1, 4), chance.Pick([6, 12, 40, 100]));
        var area = PlotArea.Draw(svg, chance, box, look);
        var below = new double[points];
        for (var s = 0; s < series; s++)
        {
            var above = Series.Curve(chance, points).Zip(below, (height, under) => Math.Min(0.98, under + height / series)).ToArray();
            svg.Polygon([.. Place(area, above), .. Place(area, below).Reverse()], look[s], chance.Odds(0.5) ? look.Ink : "none", opacity: chance.Range(0.5, 1));
            below = above;
        }
    }

    public static void Steps(Svg svg, Chance chance, Box box, Look look)
    {
        var area = PlotArea.Draw(svg, chance, box, look);
        foreach (var s in chance.Times(1, 3))
        {
            var points = Place(area, Series.Curve(chance, chance.Count(6, 30)));
            svg.Polyline(points.Zip(points.Skip(1)).SelectMany(pair => new[] { pair.First, (pair.Second.X, pair.First.Y) }), look[s], chance.Range(1, 3));
        }
    }

    public static void Candles(Svg svg, Chance chance, Box box, Look look)
    {
        var days = chance.Count(15, 60);
        var area = PlotArea.Draw(svg, chance, box, look);
        var closes = Series.Curve(chance, days);
        var (up, down) = chance.Odds(0.7) ? ("#26a65b", "#d64541") : (look[0], look[1]);
        for (var i = 1; i < days; i++)
        {
            var cell = area.Inner.Cell(i, 0, days, 1);
            var colour = closes[i] > closes[i - 1] ? up : down;
            var (low, high) = (Math.Min(closes[i], closes[i - 1]) - 0.01, Math.Max(closes[i], closes[i - 1]) + 0.01);
            svg.Line(cell.CentreX, area.Y(high + chance.Range(0, 0.05)), cell.CentreX, area.Y(low - chance.Range(0, 0.05)), colour);
            svg.Rectangle(new Box(cell.X + cell.Width * 0.15, area.Y(high), cell.Width * 0.7, area.Inner.Height * (high - low)), colour);
        }
    }

    /// <summary>A function between two crossed axes with arrows, as in a textbook.</summary>
    public static void Function(Svg svg, Chance chance, Box box, Look look)
    {
        var inner = box.Inside(box.Width * 0.1, box.Height * 0.08, box.Width * 0.08, box.Height * 0.1);
        var (zeroX, zeroY) = (inner.X + inner.Width * chance.Pick([0, 0.5]), inner.Bottom - inner.Height * chance.Pick([0, 0.3, 0.5]));
        var size = Math.Clamp(box.Height / 16, 8, 26);
        svg.Arrow(inner.X, zeroY, inner.Right, zeroY, look.Ink, 1.5, size * 0.5);
        svg.Arrow(zeroX, inner.Bottom, zeroX, inner.Y, look.Ink, 1.5, size * 0.5);
        svg.Text(inner.Right, zeroY + size * 1.1, size, chance.Pick(["x", "t", "r", "n"]), look.Ink, "Liberation Serif", "middle", italic: true);
        svg.Text(zeroX + size * 0.6, inner.Y + size * 0.7, size, chance.Pick(["y", "f(x)", "V(r)", "E", "U(x)"]), look.Ink, "Liberation Serif", italic: true);
        var series = chance.Count(1, 4);
        for (var s = 0; s < series; s++)
        {
            var curve = Series.Curve(chance, 60).Select((value, i) => (inner.X + inner.Width * 0.95 * i / 59, inner.Bottom - inner.Height * 0.9 * value)).ToArray();
            svg.Polyline(curve, look[s], chance.Range(1.5, 3), chance.Odds(0.2) ? "5 4" : "none");
            var (x, y) = curve[chance.Count(20, 55)];
            if (chance.Odds(0.6))
                svg.Text(x + 4, y - 6, size * 0.9, chance.Pick(["a = 1", "n = 2", "T > 0", "f", "g", "sin x", "1/r"]), look[s], "Liberation Serif", italic: true);
        }
        for (var i = 1; i < 6 && series > 1; i++)
        {
            svg.Line(inner.X + inner.Width * i / 6, zeroY - 3, inner.X + inner.Width * i / 6, zeroY + 3, look.Ink);
            svg.Text(inner.X + inner.Width * i / 6, zeroY + size, size * 0.7, $"{i}", look.Ink, look.Font, "middle");
        }
    }

    private static (double X, double Y)[] Place(PlotArea area, double[] values) =>
        [.. values.Select((value, i) => (area.X((double)i / (values.Length - 1)), area.Y(value)))];

    private static void Between(PlotArea area, (double X, double Y)[] curve, double half, string colour) =>
        area.Svg.Polygon([.. curve.Select(p => (p.X, Math.Max(area.Inner.Y, p.Y - half))), .. curve.Reverse().Select(p => (p.X, Math.Min(area.Inner.Bottom, p.Y + half)))], colour, opacity: 0.25);
}
