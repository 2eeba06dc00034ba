using Assay.Trainer.Drawing;

namespace Assay.Trainer.Drawings;

/// <summary>How one drawing is drawn: outlined or flat, coloured or not, steady or shaky.</summary>
internal sealed class Brush
{
    private readonly Chance chance;
    private readonly bool coloured;
    private readonly double shake;

    public Brush(Chance chance, Svg svg)
    {
        this.chance = chance;
        Svg = svg;
        coloured = chance.Odds(0.78);
        Outline = chance.Odds(coloured ? 0.65 : 1) ? chance.Pick(["#000000", "#1a1a1a", "#3b2a20", "#222244"]) : "none";
        Line = chance.Range(1.2, 6);
        shake = chance.Odds(0.4) ? chance.Range(0.01, 0.05) : 0;
    }

    public Svg Svg { get; }

    public string Outline { get; }

    public double Line { get; }

    /// <summary>A colour, or white if this drawing has none.</summary>
    public string Paint(double hue, double saturation = 65, double lightness = 58) => coloured ? Look.Hsl((hue + 360) % 360, saturation, lightness) : "#ffffff";

    public string Paint() => Paint(chance.Range(0, 360), chance.Range(40, 90), chance.Range(40, 75));

    /// <summary>A rounded, slightly irregular shape.</summary>
    public void Blob(double x, double y, double radiusX, double radiusY, string fill, double wobble = 0)
    {
        if (wobble + shake == 0)
        {
            Svg.Ellipse(x, y, radiusX, radiusY, fill, Outline, Line);
            return;
        }
        var points = Enumerable.Range(0, 10).Select(i =>
        {
            var reach = 1 + chance.Range(-1, 1) * (wobble + shake);
            return (X: x + radiusX * reach * Math.Cos(i * Math.PI / 5), Y: y + radiusY * reach * Math.Sin(i * Math.PI / 5));
        }).ToArray();
        Curve(points, fill, closed: true);
    }

    /// <summary>A smooth line through the middles of neighbouring points.</summary>
    public void Curve(IReadOnlyList<(double X, double Y)> points, string fill, bool closed = false, string? stroke = null, double? line = null)
    {
        (double X, double Y) Middle(int i) => ((points[i].X + points[(i + 1) % points.Count].X) / 2, (points[i].Y + points[(i + 1) % points.Count].Y) / 2);
        var start = closed ? Middle(0) : points[0];
        var data = $"M {Svg.N(start.X)} {Svg.N(start.Y)}";
        for (var i = 1; i < points.Count + (closed ? 1 : -1); i++)
        {
            var (at, to) = (points[i % points.Count], Middle(i % points.Count));
            data += $" Q {Svg.N(at.X)} {Svg.N(at.Y)} {Svg.N(to.X)} {Svg.N(to.Y)}";
        }
        Svg.Path(data + (closed ? " Z" : ""), fill, stroke ?? Outline, line ?? Line);
    }

    public void Shape(IEnumerable<(double X, double Y)> corners, string fill)
    {
        var reach = Math.Min(Svg.Width, Svg.Height) * shake * 0.5;
        Svg.Polygon(corners.Select(c => (c.X + chance.Range(-reach, reach), c.Y + chance.Range(-reach, reach))), fill, Outline, Line);
    }

    public void Eye(double x, double y, double radius)
    {
        if (chance.Odds(0.7))
            Svg.Circle(x, y, radius, "#ffffff", Outline == "none" ? "#333333" : Outline, Math.Min(Line, radius * 0.4));
        Svg.Circle(x + radius * chance.Range(-0.25, 0.25), y + radius * 0.1, radius * 0.5, "#111111");
        Svg.Circle(x - radius * 0.15, y - radius * 0.2, radius * 0.16, "#ffffff");
    }
}
