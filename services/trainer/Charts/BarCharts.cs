using Assay.Trainer.Drawing;

namespace Assay.Trainer.Charts;

/// <summary>Columns, rows, groups, stacks and histograms.</summary>
internal static class BarCharts
{
    public static void Columns(Svg svg, Chance chance, Box box, Look look)
    {
        var columns = chance.Count(3, 14);
        var area = PlotArea.Draw(svg, chance, box, look, Series.Names(chance, columns));
        var (gap, varied, stroke) = (chance.Range(0.05, 0.5), chance.Odds(0.3), chance.Odds(0.2) ? look.Ink : "none");
        var heights = Series.Heights(chance, columns);
        for (var i = 0; i < columns; i++)
        {
            var cell = area.Inner.Cell(i, 0, columns, 1);
            var bar = new Box(cell.X + cell.Width * gap / 2, area.Y(heights[i]), cell.Width * (1 - gap), area.Inner.Height * heights[i]);
            svg.Rectangle(bar, look[varied ? i : 0], stroke);
            if (gap > 0.4)
                svg.Text(bar.CentreX, bar.Y - 3, area.Size * 0.85, Words.Amount(chance), look.Ink, look.Font, "middle");
        }
    }

    public static void Rows(Svg svg, Chance chance, Box box, Look look)
    {
        var rows = chance.Count(3, 14);
        var area = PlotArea.Draw(svg, chance, box, look, Series.Names(chance, rows), sideways: true);
        var (gap, varied, both) = (chance.Range(0.05, 0.5), chance.Odds(0.25), chance.Odds(0.15));
        var lengths = Series.Heights(chance, rows);
        for (var i = 0; i < rows; i++)
        {
            var cell = area.Inner.Cell(0, i, 1, rows);
            var width = area.Inner.Width * lengths[i] * (both ? 0.5 : 1);
            var x = both ? area.Inner.CentreX - (chance.Odds(0.5) ? width : 0) : area.Inner.X;
            svg.Rectangle(new Box(x, cell.Y + cell.Height * gap / 2, width, cell.Height * (1 - gap)), look[varied ? i : 0]);
        }
    }

    public static void Grouped(Svg svg, Chance chance, Box box, Look look)
    {
        var (groups, series) = (chance.Count(2, 7), chance.Count(2, 4));
        var area = PlotArea.Draw(svg, chance, box, look, Series.Names(chance, groups));
        for (var s = 0; s < series; s++)
        {
            var heights = Series.Heights(chance, groups);
            for (var g = 0; g < groups; g++)
            {
                var cell = area.Inner.Cell(g, 0, groups, 1).Inside(area.Inner.Width / groups * 0.1, 0, area.Inner.Width / groups * 0.1, 0).Cell(s, 0, series, 1);
                svg.Rectangle(new Box(cell.X, area.Y(heights[g]), cell.Width, area.Inner.Height * heights[g]), look[s]);
                if (chance.Odds(0.1))
                    svg.Line(cell.CentreX, area.Y(heights[g] * 1.08), cell.CentreX, area.Y(heights[g] * 0.92), look.Ink, 1.5);
            }
        }
        if (chance.Odds(0.7))
            area.Legend(chance, series);
    }

    public static void Stacked(Svg svg, Chance chance, Box box, Look look)
    {
        var (columns, series) = (chance.Count(3, 24), chance.Count(2, 5));
        var area = PlotArea.Draw(svg, chance, box, look, columns < 12 ? Series.Names(chance, columns) : null);
        var gap = chance.Range(0, 0.4);
        for (var c = 0; c < columns; c++)
        {
            var cell = area.Inner.Cell(c, 0, columns, 1);
            var below = 0.0;
            for (var s = 0; s < series; s++)
            {
                var share = chance.Range(0.2, 0.95) / series;
                svg.Rectangle(new Box(cell.X + cell.Width * gap / 2, area.Y(below + share), cell.Width * (1 - gap), area.Inner.Height * share), look[s]);
                below += share;
            }
        }
        if (chance.Odds(0.6))
            area.Legend(chance, series);
    }

    public static void Histogram(Svg svg, Chance chance, Box box, Look look)
    {
        var bins = chance.Count(12, 50);
        var area = PlotArea.Draw(svg, chance, box, look);
        var series = chance.Odds(0.3) ? 2 : 1;
        for (var s = 0; s < series; s++)
        {
            var peak = chance.Range(0.2, 0.8);
            var width = chance.Range(5, 40);
            for (var i = 0; i < bins; i++)
            {
                var t = (double)i / bins;
                var height = Math.Clamp(0.9 * Math.Exp(-(t - peak) * (t - peak) * width) * chance.Range(0.8, 1.05), 0, 0.97);
                var cell = area.Inner.Cell(i, 0, bins, 1);
                svg.Rectangle(new Box(cell.X, area.Y(height), cell.Width, area.Inner.Height * height), look[s], chance.Odds(0.5) ? look.Back : "none", 0.7, opacity: series > 1 ? 0.6 : 1);
            }
        }
    }

    /// <summary>Bars from a start to an end: tasks in time.</summary>
    public static void Timeline(Svg svg, Chance chance, Box box, Look look)
    {
        var rows = chance.Count(3, 12);
        var area = PlotArea.Draw(svg, chance, box, look, Series.Names(chance, rows), sideways: true);
        var from = 0.0;
        for (var i = 0; i < rows; i++)
        {
            var cell = area.Inner.Cell(0, i, 1, rows);
            var length = chance.Range(0.08, 0.4);
            svg.Rectangle(new Box(area.X(from), cell.Y + cell.Height * 0.2, area.Inner.Width * Math.Min(length, 1 - from), cell.Height * 0.6), look[chance.Count(0, 2)]);
            from = Math.Min(0.8, from + length * chance.Range(0.2, 0.9));
        }
    }
}
