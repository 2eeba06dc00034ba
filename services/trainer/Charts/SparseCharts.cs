using Assay.Trainer.Drawing;

namespace Assay.Trainer.Charts;

/// <summary>Charts of few and thin marks: points with their errors, ranges, bands from column to column, tiles.</summary>
internal static class SparseCharts
{
    public static void Errors(Svg svg, Chance chance, Box box, Look look)
    {
        var area = PlotArea.Draw(svg, chance, box, look);
        var (both, capped, radius) = (chance.Odds(0.4), chance.Odds(0.7), chance.Odds(0.7) ? chance.Range(1.5, 5) : 0);
        foreach (var s in chance.Times(1, 2))
        {
            var curve = Series.Curve(chance, chance.Count(4, 18));
            for (var i = 0; i < curve.Length; i++)
            {
                var (x, y, error) = (area.X((i + 0.5) / curve.Length), area.Y(curve[i]), area.Inner.Height * chance.Range(0.02, 0.12));
                Whisker(svg, x, y - error, x, y + error, look[s], capped);
                if (both)
                    Whisker(svg, x - error, y, x + error, y, look[s], capped);
                if (radius > 0)
                    svg.Circle(x, y, radius, look[s]);
            }
        }
    }

    /// <summary>A point and a range for each group, upright or lying.</summary>
    public static void Ranges(Svg svg, Chance chance, Box box, Look look)
    {
        var (groups, sideways, colour, capped) = (chance.Count(2, 10), chance.Odds(0.5), chance.Odds(0.5), chance.Odds(0.3));
        var area = PlotArea.Draw(svg, chance, box, look, Series.Names(chance, groups), sideways);
        var (boxed, radius, hole) = (chance.Odds(0.5), area.Size * chance.Range(0.12, 0.35), chance.Odds(0.3) ? 0.04 : 0);
        for (var g = 0; g < groups; g++)
        {
            var (at, middle) = ((g + 0.5) / groups, chance.Range(0.2, 0.8));
            var (low, high) = (Math.Max(0.02, middle - chance.Range(0.05, 0.3)), Math.Min(0.98, middle + chance.Range(0.05, 0.3)));
            var ink = colour ? look[g] : look.Ink;
            (double X, double Y) Place(double value) => sideways ? (area.X(value), area.Y(at)) : (area.X(at), area.Y(value));
            foreach (var (from, to) in new[] { (low, middle - hole), (middle + hole, high) })
                Whisker(svg, Place(from).X, Place(from).Y, Place(to).X, Place(to).Y, ink, capped);
            var (x, y) = Place(middle);
            if (boxed)
            {
                var (half, thick) = ((high - low) / 4, area.Size * 0.7);
                var (left, top) = sideways ? (area.X(middle - half), y - thick) : (x - thick, area.Y(middle + half));
                svg.Rectangle(new Box(left, top, sideways ? area.Inner.Width * half * 2 : thick * 2, sideways ? thick * 2 : area.Inner.Height * half * 2), look[g], look.Ink);
            }
            svg.Circle(x, y, radius, ink);
            foreach (var i in chance.Times(0, 4))
            {
                var (outX, outY) = Place(Math.Clamp(high + 0.02 + 0.03 * i, 0, 0.99));
                svg.Circle(outX, outY, 2, "none", look.Ink, 0.8);
            }
        }
    }

    /// <summary>Bands (or lines) from the parts of one column to the parts of the next.</summary>
    public static void Flows(Svg svg, Chance chance, Box box, Look look)
    {
        var framed = chance.Odds(0.5);
        var size = Math.Clamp(Math.Min(box.Width, box.Height) / chance.Range(14, 30), 6, 30);
        var inner = framed ? PlotArea.Draw(svg, chance, box, look).Inner : box.Inside(size * 2);
        var (columns, filled, wide) = (chance.Count(2, 4), chance.Odds(0.7), inner.Width * chance.Range(0.01, 0.06));
        var parts = Enumerable.Range(0, columns).Select(_ => chance.Count(2, 5)).ToArray();
        Box Part(int column, int part) => new Box(inner.X + (inner.Width - wide) * column / (columns - 1), inner.Y, wide, inner.Height).Cell(0, part, 1, parts[column], inner.Height * 0.04);
        for (var column = 0; column < columns; column++)
        {
            for (var part = 0; part < parts[column]; part++)
            {
                var here = Part(column, part);
                svg.Rectangle(here, filled ? look[part] : look.Panel, look.Ink);
                if (column < columns - 1)
                    Bands(svg, chance, look, here, [.. Enumerable.Range(0, parts[column + 1]).Select(next => Part(column + 1, next))], filled ? look[part] : null);
                svg.Text(column == 0 ? here.X - 3 : here.Right + 3, here.CentreY, size, Words.Noun(chance), look.Ink, look.Font, column == 0 ? "end" : "start");
            }
        }
    }

    /// <summary>A plane of hexagons or squares, coloured by value.</summary>
    public static void Tiles(Svg svg, Chance chance, Box box, Look look)
    {
        var area = PlotArea.Draw(svg, chance, box, look);
        var (columns, rows, corners) = (chance.Count(4, 14), chance.Count(4, 12), chance.Odds(0.7) ? 6 : 4);
        var radius = Math.Min(area.Inner.Width / (columns * 1.8), area.Inner.Height / (rows * 1.6));
        var (hue, turn, stroke) = (chance.Range(0, 360), chance.Pick([0.0, 60, 180]), chance.Odds(0.4) ? look.Ink : "none");
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                if (chance.Odds(0.1))
                    continue;
                var share = 0.5 + 0.5 * Math.Sin(column * 0.9 + row * 0.5) * chance.Range(0.6, 1);
                var (x, y) = (area.Inner.X + radius * (1 + 1.73 * (column + row % 2 * 0.5)), area.Inner.Y + radius * (1 + 1.5 * row));
                svg.Polygon(Enumerable.Range(0, corners).Select(i => (x + radius * Math.Cos((i + 0.5) * Math.Tau / corners), y + radius * Math.Sin((i + 0.5) * Math.Tau / corners))), Look.Hsl((hue + turn * share) % 360, 70, 25 + 65 * share), stroke, 0.8);
            }
        }
    }

    private static void Whisker(Svg svg, double x1, double y1, double x2, double y2, string ink, bool capped)
    {
        svg.Line(x1, y1, x2, y2, ink, 1.2);
        if (!capped)
            return;
        var (across, down) = x1 == x2 ? (4, 0) : (0, 4);
        svg.Line(x1 - across, y1 - down, x1 + across, y1 + down, ink, 1.2);
        svg.Line(x2 - across, y2 - down, x2 + across, y2 + down, ink, 1.2);
    }

    private static void Bands(Svg svg, Chance chance, Look look, Box from, Box[] targets, string? fill)
    {
        for (var i = 0; i < targets.Length; i++)
        {
            if (chance.Odds(0.25))
                continue;
            var (to, half) = (targets[i], from.Height / targets.Length * 0.4);
            var (y1, y2, middle) = (from.Y + from.Height * (i + 0.5) / targets.Length, to.Y + to.Height * chance.Range(0.2, 0.8), (from.Right + to.X) / 2);
            string Curve(double offset) => $"{Svg.N(middle)} {Svg.N(y1 + offset)} {Svg.N(middle)} {Svg.N(y2 + offset)} {Svg.N(to.X)} {Svg.N(y2 + offset)}";
            var upper = $"M {Svg.N(from.Right)} {Svg.N(y1 - half)} C {Curve(-half)}";
            if (fill is null)
                svg.Path(upper, "none", look.Ink, 1.2);
            else
                svg.Path($"{upper} L {Svg.N(to.X)} {Svg.N(y2 + half)} C {Svg.N(middle)} {Svg.N(y2 + half)} {Svg.N(middle)} {Svg.N(y1 + half)} {Svg.N(from.Right)} {Svg.N(y1 + half)} Z", fill, opacity: 0.5);
        }
    }
}
