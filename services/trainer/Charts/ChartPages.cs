using Assay.Trainer.Drawing;

namespace Assay.Trainer.Charts;

/// <summary>A whole picture of one chart, or of several small ones.</summary>
internal static class ChartPages
{
    internal delegate void Chart(Svg svg, Chance chance, Box box, Look look);

    public static readonly (string Name, Chart Draw)[] All =
    [
        ("columns", BarCharts.Columns), ("rows", BarCharts.Rows), ("grouped columns", BarCharts.Grouped), ("stacked columns", BarCharts.Stacked),
        ("histogram", BarCharts.Histogram), ("timeline", BarCharts.Timeline),
        ("lines", LineCharts.Lines), ("area", LineCharts.Area), ("steps", LineCharts.Steps), ("candles", LineCharts.Candles), ("function", LineCharts.Function),
        ("scatter", PointCharts.Scatter), ("boxes", PointCharts.Boxes), ("heat map", PointCharts.Heat), ("contours", PointCharts.Contours), ("vector field", PointCharts.Field),
        ("errors", SparseCharts.Errors), ("ranges", SparseCharts.Ranges), ("flows", SparseCharts.Flows), ("tiles", SparseCharts.Tiles),
        ("pie", RoundCharts.Pie), ("radar", RoundCharts.Radar),
    ];

    public static Svg Single(Chart chart, Chance chance)
    {
        var svg = Canvas(chance);
        var look = Look.Of(chance);
        svg.Fill(look.Back);
        chart(svg, chance, svg.Whole.Inside(chance.Range(2, 14)), look);
        return svg;
    }

    public static Svg Several(Chance chance)
    {
        var svg = Canvas(chance);
        var look = Look.Of(chance);
        svg.Fill(look.Back);
        var (columns, rows) = (chance.Count(1, 4), chance.Count(2, 3));
        var same = chance.Odds(0.5) ? chance.Pick(All).Draw : null;
        for (var i = 0; i < columns * rows; i++)
            (same ?? chance.Pick(All).Draw)(svg, chance, svg.Whole.Inside(8).Cell(i % columns, i / columns, columns, rows, 8), look);
        return svg;
    }

    private static Svg Canvas(Chance chance)
    {
        var width = chance.Count(320, 900);
        return new Svg(width, (int)(width / chance.Pick([0.75, 1, 1.2, 1.33, 1.33, 1.5, 1.6, 1.78, 2.2])));
    }
}
