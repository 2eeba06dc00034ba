using Assay.Trainer.Drawing;

namespace Assay.Trainer.Charts;

/// <summary>Pies, rings, roses, radars and gauges.</summary>
internal static class RoundCharts
{
    public static void Pie(Svg svg, Chance chance, Box box, Look look)
    {
        var (slices, hole, rose) = (chance.Count(2, 8), chance.Odds(0.4) ? chance.Range(0.4, 0.7) : 0, chance.Odds(0.15));
        var legend = chance.Odds(0.6);
        var size = Math.Clamp(Math.Min(box.Width, box.Height) / 24, 6, 22);
        var titled = chance.Odds(0.6);
        if (titled)
            svg.Text(box.CentreX, box.Y + size * 2, size * 1.4, Words.Title(chance), look.Ink, look.Font, "middle", bold: chance.Odds(0.5));
        var radius = Math.Min(box.Width * (legend ? 0.33 : 0.42), box.Height * (titled ? 0.38 : 0.43));
        var (x, y) = (box.X + box.Width * (legend ? 0.38 : 0.5), box.CentreY + (titled ? size * 1.2 : 0));
        var shares = Enumerable.Range(0, slices).Select(_ => chance.Range(0.3, 2)).ToArray();
        var angle = chance.Range(0, 6);
        for (var i = 0; i < slices; i++)
        {
            var next = angle + shares[i] / shares.Sum() * 2 * Math.PI;
            Slice(svg, x, y, rose ? radius * chance.Range(0.3, 1) : radius, angle, next, look[i], look.Back);
            var middle = (angle + next) / 2;
            if (!rose && next - angle > 0.35)
                svg.Text(x + radius * (hole > 0 ? 0.8 : 0.65) * Math.Cos(middle), y + radius * (hole > 0 ? 0.8 : 0.65) * Math.Sin(middle) + size * 0.3, size * 0.85, $"{shares[i] / shares.Sum() * 100:0}%", "#ffffff", look.Font, "middle");
            angle = next;
        }
        if (hole > 0)
            svg.Circle(x, y, radius * hole, look.Back);
        for (var i = 0; legend && i < slices; i++)
        {
            var top = box.CentreY - slices * size * 0.8 + i * size * 1.7;
            svg.Rectangle(new Box(box.X + box.Width * 0.76, top, size, size), look[i]);
            svg.Text(box.X + box.Width * 0.76 + size * 1.5, top + size * 0.9, size, Words.Group(chance), look.Ink, look.Font);
        }
    }

    public static void Radar(Svg svg, Chance chance, Box box, Look look)
    {
        var (axes, series) = (chance.Count(5, 9), chance.Count(1, 3));
        var radius = Math.Min(box.Width, box.Height) * 0.36;
        var size = Math.Clamp(radius / 9, 6, 20);
        (double X, double Y) At(int axis, double share) =>
            (box.CentreX + radius * share * Math.Sin(2 * Math.PI * axis / axes), box.CentreY - radius * share * Math.Cos(2 * Math.PI * axis / axes));
        for (var ring = 1; ring <= 5; ring++)
            svg.Polygon(Enumerable.Range(0, axes).Select(axis => At(axis, ring / 5.0)), "none", "#bbbbbb");
        for (var axis = 0; axis < axes; axis++)
        {
            svg.Line(box.CentreX, box.CentreY, At(axis, 1).X, At(axis, 1).Y, "#bbbbbb");
            svg.Text(At(axis, 1.16).X, At(axis, 1.16).Y + size * 0.3, size, Words.Noun(chance), look.Ink, look.Font, "middle");
        }
        for (var s = 0; s < series; s++)
        {
            var points = Enumerable.Range(0, axes).Select(axis => At(axis, chance.Range(0.25, 0.98))).ToArray();
            svg.Polygon(points, look[s], opacity: 0.3);
            svg.Polyline([.. points, points[0]], look[s], 2);
        }
    }

    private static void Slice(Svg svg, double x, double y, double radius, double from, double to, string fill, string edge)
    {
        string Point(double angle) => $"{Svg.N(x + radius * Math.Cos(angle))} {Svg.N(y + radius * Math.Sin(angle))}";
        svg.Path($"M {Svg.N(x)} {Svg.N(y)} L {Point(from)} A {Svg.N(radius)} {Svg.N(radius)} 0 {(to - from > Math.PI ? 1 : 0)} 1 {Point(to)} Z", fill, edge, 1.5);
    }
}
