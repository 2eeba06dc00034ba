using Assay.Trainer.Drawing;

namespace Assay.Trainer.Charts;

/// <summary>Title, axes, ticks, grid and axis labels of a chart; what they leave free is for the data.</summary>
internal sealed class PlotArea
{
    // How far the axes are from the data.
    private readonly double gap;

    private PlotArea(Svg svg, Look look, Box inner, double size, double gap)
    {
        (Svg, Look, Inner, Size, this.gap) = (svg, look, inner, size, gap);
    }

    public Svg Svg { get; }

    public Look Look { get; }

    /// <summary>Where the data go.</summary>
    public Box Inner { get; }

    /// <summary>The font size of tick labels, pixels.</summary>
    public double Size { get; }

    /// <summary>From 0 to 1, left to right.</summary>
    public double X(double share) => Inner.X + share * Inner.Width;

    /// <summary>From 0 to 1, bottom to top.</summary>
    public double Y(double share) => Inner.Bottom - share * Inner.Height;

    /// <summary>Draws everything but the data.</summary>
    /// <param name="svg">What is drawn on.</param>
    /// <param name="chance">Decides what there is and what is left out.</param>
    /// <param name="box">The whole chart.</param>
    /// <param name="look">Colours and font.</param>
    /// <param name="groups">Names under the columns (or beside the rows, if <paramref name="sideways"/>); null for a scale of numbers.</param>
    /// <param name="sideways">Whether the groups are rows.</param>
    public static PlotArea Draw(Svg svg, Chance chance, Box box, Look look, IReadOnlyList<string>? groups = null, bool sideways = false)
    {
        // Some plots are made for a narrow column: their text is large.
        var size = Math.Clamp(Math.Min(box.Width, box.Height) / (chance.Odds(0.3) ? chance.Range(10, 20) : chance.Range(20, 42)), 5, 44);
        var titled = chance.Odds(0.6);
        var labelled = chance.Odds(0.55);
        var ticked = chance.Odds(0.93);
        var gap = chance.Odds(0.25) ? size * chance.Range(0.3, 1) : 0;
        var inner = box.Inside(
            size * (ticked ? sideways ? 5 : 3.2 : 1) + (labelled ? size * 1.6 : 0) + gap,
            titled ? size * 2.4 : size,
            size * chance.Range(0.8, 2),
            size * (ticked ? 2 : 1) + (labelled ? size * 1.7 : 0) + gap);
        svg.Rectangle(inner, look.Panel);
        var area = new PlotArea(svg, look, inner, size, gap);
        if (titled)
        {
            var left = chance.Odds(0.25);
            svg.Text(left ? inner.X : inner.CentreX, box.Y + size * 1.7, size * chance.Range(1.1, 1.5), Words.Title(chance), look.Ink, look.Font, left ? "start" : "middle", bold: chance.Odds(0.4));
        }
        if (labelled)
        {
            svg.Text(inner.CentreX, box.Bottom - size * 0.5, size * 1.05, Words.Noun(chance), look.Ink, look.Font, "middle", bold: chance.Odds(0.2));
            svg.Text(box.X + size * 1.2, inner.CentreY, size * 1.05, Words.Noun(chance), look.Ink, look.Font, "middle", bold: chance.Odds(0.2), turn: -90);
        }
        var grid = chance.Count(0, 3);
        var dash = chance.Odds(0.3) ? "3 3" : "none";
        area.Ticks(chance, vertical: true, sideways ? groups : null, ticked, grid is 1 or 2, dash);
        area.Ticks(chance, vertical: false, sideways ? null : groups, ticked, grid is 2 or 3 && groups is null, dash);
        area.Frame(chance);
        return area;
    }

    private void Ticks(Chance chance, bool vertical, IReadOnlyList<string>? groups, bool ticked, bool grid, string dash)
    {
        var room = vertical ? Inner.Height / (Size * 1.5) : Inner.Width / (Size * 3);
        var count = groups?.Count ?? Math.Clamp(chance.Count(3, 9), 2, Math.Max(2, (int)room));
        var step = chance.Pick([0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25, 50, 100, 1000]);
        var first = chance.Odds(0.7) ? 0 : chance.Count(-3, 20);
        var marks = chance.Odds(0.6);
        // Between two marks so many small ones.
        var small = marks && groups is null && chance.Odds(0.3) ? chance.Pick([1, 3, 4]) : 0;
        var (left, bottom) = (Inner.X - gap, Inner.Bottom + gap);
        for (var i = 1; small > 0 && i < (count - 1) * (small + 1); i++)
        {
            var share = (double)i / ((count - 1) * (small + 1));
            if (vertical)
                Svg.Line(left - Size * 0.2, Y(share), left, Y(share), Look.Ink);
            else
                Svg.Line(X(share), bottom, X(share), bottom + Size * 0.2, Look.Ink);
        }
        for (var i = 0; i < count; i++)
        {
            var share = groups is null ? (double)i / (count - 1) : (i + 0.5) / count;
            var text = groups is null ? Math.Round((first + i) * step, 1).ToString(System.Globalization.CultureInfo.InvariantCulture) : groups[i];
            if (vertical)
            {
                if (grid)
                    Svg.Line(Inner.X, Y(share), Inner.Right, Y(share), Look.Faint, 1, dash);
                if (marks)
                    Svg.Line(left - Size * 0.35, Y(share), left, Y(share), Look.Ink);
                if (ticked)
                    Svg.Text(left - Size * 0.55, Y(share) + Size * 0.35, Size, text, Look.Ink, Look.Font, "end");
            }
            else
            {
                if (grid)
                    Svg.Line(X(share), Inner.Y, X(share), Inner.Bottom, Look.Faint, 1, dash);
                if (marks)
                    Svg.Line(X(share), bottom, X(share), bottom + Size * 0.35, Look.Ink);
                if (ticked)
                    Svg.Text(X(share), bottom + Size * 1.4, Size, text, Look.Ink, Look.Font, "middle");
            }
        }
    }

    private void Frame(Chance chance)
    {
        var style = chance.Count(0, 4);
        if (style == 0 && gap == 0)
            return;
        if (style <= 2 || gap > 0)
        {
            Svg.Line(Inner.X - gap, Inner.Y, Inner.X - gap, Inner.Bottom, Look.Ink);
            Svg.Line(Inner.X, Inner.Bottom + gap, Inner.Right, Inner.Bottom + gap, Look.Ink);
        }
        else
        {
            Svg.Rectangle(Inner, "none", Look.Ink);
        }
    }

    /// <summary>Colours and names of the series, in a corner of the data.</summary>
    public void Legend(Chance chance, int series)
    {
        var width = Size * 6.5;
        var x = chance.Odds(0.5) ? Inner.X + Size * 0.7 : Inner.Right - width - Size * 0.5;
        var box = new Box(x, Inner.Y + Size * 0.6, width, Size * (series * 1.4 + 0.6));
        if (chance.Odds(0.6))
            Svg.Rectangle(box, Look.Back, Look.Faint, opacity: 0.9);
        for (var i = 0; i < series; i++)
        {
            var y = box.Y + Size * (0.4 + 1.4 * i);
            Svg.Rectangle(new Box(box.X + Size * 0.4, y, Size * 1.2, Size * 0.8), Look[i]);
            Svg.Text(box.X + Size * 2, y + Size * 0.8, Size * 0.95, Words.Noun(chance), Look.Ink, Look.Font);
        }
    }
}
