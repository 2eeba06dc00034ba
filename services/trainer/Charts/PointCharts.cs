using Assay.Trainer.Drawing;

namespace Assay.Trainer.Charts;

/// <summary>Points, boxes, cells and arrows in a plane.</summary>
internal static class PointCharts
{
    public static void Scatter(Svg svg, Chance chance, Box box, Look look)
    {
        var area = PlotArea.Draw(svg, chance, box, look);
        var (clusters, radius, hollow) = (chance.Count(1, 4), chance.Range(1.5, 6), chance.Odds(0.3));
        var (bubbles, opacity) = (chance.Odds(0.15), chance.Range(0.4, 1));
        for (var c = 0; c < clusters; c++)
        {
            var (centreX, centreY, slope, spread) = (chance.Range(0.2, 0.8), chance.Range(0.2, 0.8), chance.Range(-1, 1), chance.Range(0.04, 0.2));
            var points = chance.Odds(0.3) ? chance.Count(4, 12) : chance.Count(12, 160);
            for (var i = 0; i < points; i++)
            {
                var dx = chance.Normal() * spread;
                var (x, y) = (centreX + dx, centreY + dx * slope + chance.Normal() * spread * 0.6);
                if (x is > 0.01 and < 0.99 && y is > 0.01 and < 0.99)
                    svg.Circle(area.X(x), area.Y(y), bubbles ? radius * chance.Range(0.5, 4) : radius, hollow ? "none" : look[c], hollow ? look[c] : "none", 1.2, opacity);
            }
            if (clusters == 1 && chance.Odds(0.4))
                svg.Line(area.X(centreX - spread * 1.6), area.Y(centreY - spread * 1.6 * slope), area.X(centreX + spread * 1.6), area.Y(centreY + spread * 1.6 * slope), look[1], 2);
        }
        if (clusters > 1 && chance.Odds(0.5))
            area.Legend(chance, clusters);
    }

    public static void Boxes(Svg svg, Chance chance, Box box, Look look)
    {
        var groups = chance.Count(2, 9);
        var area = PlotArea.Draw(svg, chance, box, look, Series.Names(chance, groups));
        var filled = chance.Odds(0.6);
        for (var g = 0; g < groups; g++)
        {
            var cell = area.Inner.Cell(g, 0, groups, 1);
            var (middle, half, reach) = (chance.Range(0.3, 0.7), chance.Range(0.04, 0.15), chance.Range(0.05, 0.2));
            var (low, high) = (area.Y(middle - half), area.Y(middle + half));
            svg.Line(cell.CentreX, area.Y(middle + half + reach), cell.CentreX, high, look.Ink, 1.2);
            svg.Line(cell.CentreX, low, cell.CentreX, area.Y(middle - half - reach), look.Ink, 1.2);
            svg.Rectangle(new Box(cell.X + cell.Width * 0.25, high, cell.Width * 0.5, low - high), filled ? look[g] : "none", look.Ink, 1.2);
            svg.Line(cell.X + cell.Width * 0.25, area.Y(middle), cell.X + cell.Width * 0.75, area.Y(middle), filled ? look.Ink : look[1], 2);
            foreach (var i in chance.Times(0, 3))
                svg.Circle(cell.CentreX, area.Y(Math.Clamp(middle + half + reach + chance.Range(0.02, 0.1), 0, 0.98)), 2.5, "none", look.Ink);
        }
    }

    public static void Heat(Svg svg, Chance chance, Box box, Look look)
    {
        var (columns, rows) = (chance.Count(3, 28), chance.Count(3, 20));
        var area = PlotArea.Draw(svg, chance, box.Inside(0, 0, box.Width * 0.12, 0), look, columns < 10 ? Series.Names(chance, columns) : null);
        var (hue, turn) = (chance.Range(0, 360), chance.Range(-140, 140));
        var smooth = chance.Odds(0.4);
        var (waveX, waveY) = (chance.Range(0.2, 0.9), chance.Range(0.2, 0.9));
        string Colour(double share) => Look.Hsl((hue + turn * share + 720) % 360, 70, 15 + 75 * share);
        var gap = chance.Odds(0.3) ? 1.5 : -0.4;
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var share = smooth ? 0.5 + 0.25 * (Math.Sin(column * waveX) + Math.Cos(row * waveY)) : chance.Range(0, 1);
                var cell = area.Inner.Cell(column, row, columns, rows, gap);
                svg.Rectangle(cell, Colour(share));
                if (columns < 9 && rows < 9)
                    svg.Text(cell.CentreX, cell.CentreY + area.Size * 0.3, area.Size * 0.9, Words.Amount(chance), share > 0.5 ? "#111111" : "#ffffff", look.Font, "middle");
            }
        }
        var scale = new Box(area.Inner.Right + box.Width * 0.04, area.Inner.Y, box.Width * 0.035, area.Inner.Height);
        for (var i = 0; i < 24; i++)
            svg.Rectangle(scale.Cell(0, 23 - i, 1, 24, -0.4), Colour(i / 23.0));
        svg.Text(scale.Right + 3, scale.Y + area.Size, area.Size * 0.9, "1.0", look.Ink, look.Font);
        svg.Text(scale.Right + 3, scale.Bottom, area.Size * 0.9, "0.0", look.Ink, look.Font);
    }

    /// <summary>Nested rings of equal height.</summary>
    public static void Contours(Svg svg, Chance chance, Box box, Look look)
    {
        var area = PlotArea.Draw(svg, chance, box, look);
        var (rings, hue, filled) = (chance.Count(5, 14), chance.Range(0, 360), chance.Odds(0.5));
        var peaks = chance.Count(1, 3);
        for (var p = 0; p < peaks; p++)
        {
            var (x, y, turn) = (area.X(chance.Range(0.3, 0.7)), area.Y(chance.Range(0.3, 0.7)), chance.Range(0, 180));
            var (radiusX, radiusY) = (area.Inner.Width * chance.Range(0.15, 0.28), area.Inner.Height * chance.Range(0.15, 0.28));
            svg.Open($"rotate({Svg.N(turn)} {Svg.N(x)} {Svg.N(y)})");
            for (var i = 0; i < rings; i++)
            {
                var colour = Look.Hsl((hue + i * 160.0 / rings) % 360, 75, 25 + 55.0 * i / rings);
                svg.Ellipse(x, y, radiusX * (1 - (double)i / rings), radiusY * (1 - (double)i / rings), filled ? colour : "none", filled ? "none" : colour, 1.5);
            }
            svg.Close();
        }
    }

    public static void Field(Svg svg, Chance chance, Box box, Look look)
    {
        var area = PlotArea.Draw(svg, chance, box, look);
        var (steps, swirl) = (chance.Count(8, 18), chance.Range(-2, 2));
        for (var i = 0; i < steps; i++)
        {
            for (var j = 0; j < steps; j++)
            {
                var (x, y) = ((i + 0.5) / steps, (j + 0.5) / steps);
                var angle = Math.Atan2(y - 0.5, x - 0.5) + swirl;
                var length = area.Inner.Width / steps * chance.Range(0.5, 0.8);
                svg.Arrow(area.X(x), area.Y(y), area.X(x) + length * Math.Cos(angle), area.Y(y) + length * Math.Sin(angle), look[(i + j) % 3], 1.2, 4);
            }
        }
    }
}
