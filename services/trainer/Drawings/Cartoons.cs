using Assay.Trainer.Drawing;

namespace Assay.Trainer.Drawings;

/// <summary>Figures and things as in cartoons, emoji and children's books.</summary>
internal static class Cartoons
{
    public static Svg Face(Chance chance)
    {
        var (svg, brush) = Start(chance);
        var (x, y, r) = (svg.Whole.CentreX, svg.Whole.CentreY, Math.Min(svg.Width, svg.Height) * chance.Range(0.3, 0.44));
        if (chance.Odds(0.4))
            brush.Blob(x, y - r * 0.35, r * 1.12, r * 0.95, brush.Paint(chance.Range(0, 50), 60, chance.Range(15, 60)), 0.04);
        brush.Blob(x, y, r, r * chance.Range(0.9, 1.15), brush.Paint(chance.Range(20, 55), 80, chance.Range(55, 80)));
        var eye = r * chance.Range(0.09, 0.22);
        brush.Eye(x - r * 0.36, y - r * 0.15, eye);
        brush.Eye(x + r * 0.36, y - r * 0.15, eye);
        var smile = r * chance.Range(-0.25, 0.4);
        svg.Path($"M {Svg.N(x - r * 0.4)} {Svg.N(y + r * 0.4)} Q {Svg.N(x)} {Svg.N(y + r * 0.4 + smile)} {Svg.N(x + r * 0.4)} {Svg.N(y + r * 0.4)} {(chance.Odds(0.4) ? "Z" : "")}", chance.Odds(0.5) ? "#8b2331" : "none", "#222222", brush.Line + 1);
        if (chance.Odds(0.35))
            svg.Ellipse(x, y + r * 0.12, r * 0.1, r * 0.08, brush.Paint(5, 70, 55));
        if (chance.Odds(0.3))
            brush.Shape([(x - r * 0.9, y - r * 0.75), (x, y - r * 1.5), (x + r * 0.9, y - r * 0.75)], brush.Paint());
        return svg;
    }

    public static Svg Animal(Chance chance)
    {
        var (svg, brush) = Start(chance);
        var (x, y, u) = (svg.Whole.CentreX, svg.Whole.CentreY, Math.Min(svg.Width, svg.Height) * 0.1);
        var coat = brush.Paint(chance.Odds(0.6) ? chance.Range(15, 45) : chance.Range(0, 360), chance.Range(30, 80), chance.Range(40, 75));
        var belly = brush.Paint(40, 40, 85);
        for (var i = 0; i < 4; i++)
            brush.Blob(x - u * 2.2 + i * u * 1.4, y + u * 2.6, u * 0.5, u * 1.3, coat);
        brush.Curve([(x + u * 2.4, y), (x + u * 4.2, y - u), (x + u * 4, y - u * 2.5)], "none", line: brush.Line * 2);
        brush.Blob(x, y + u * 0.8, u * chance.Range(2.4, 3.2), u * chance.Range(1.6, 2.2), coat, 0.03);
        if (chance.Odds(0.5))
            svg.Ellipse(x, y + u * 1.5, u * 1.7, u * 0.9, belly);
        var (headX, headY, r) = (x - u * 2.6, y - u * 1.4, u * chance.Range(1.4, 2));
        var pointed = chance.Odds(0.5);
        foreach (var side in (double[])[-1, 1])
        {
            if (pointed)
                brush.Shape([(headX + side * r * 0.9, headY - r * 0.3), (headX + side * r * 0.75, headY - r * 1.5), (headX + side * r * 0.15, headY - r * 0.8)], coat);
            else
                brush.Blob(headX + side * r * 0.85, headY - r * 0.7, r * 0.35, r * chance.Range(0.35, 0.9), coat);
        }
        brush.Blob(headX, headY, r, r * 0.92, coat);
        svg.Ellipse(headX, headY + r * 0.4, r * 0.5, r * 0.36, belly);
        svg.Ellipse(headX, headY + r * 0.22, r * 0.17, r * 0.12, "#222222");
        brush.Eye(headX - r * 0.4, headY - r * 0.2, r * 0.22);
        brush.Eye(headX + r * 0.4, headY - r * 0.2, r * 0.22);
        foreach (var i in chance.Times(0, 8))
            svg.Circle(x + chance.Range(-1.8, 1.8) * u, y + u * chance.Range(0, 1.6), u * chance.Range(0.15, 0.4), brush.Paint(30, 40, 30));
        return svg;
    }

    /// <summary>Fruit, balls, cups, balloons, mushrooms: one or a few on white.</summary>
    public static Svg Things(Chance chance)
    {
        var (svg, brush) = Start(chance);
        var count = chance.Odds(0.6) ? 1 : chance.Count(2, 6);
        var columns = count == 1 ? 1 : chance.Count(2, 3);
        for (var i = 0; i < count; i++)
        {
            var cell = svg.Whole.Inside(8).Cell(i % columns, i / columns, columns, (count + columns - 1) / columns, 6);
            Thing(brush, chance, cell.CentreX, cell.CentreY, Math.Min(cell.Width, cell.Height) * 0.42);
        }
        return svg;
    }

    private static void Thing(Brush brush, Chance chance, double x, double y, double r)
    {
        var svg = brush.Svg;
        switch (chance.Count(0, 7))
        {
            case 0:
                brush.Curve([(x, y - r * 0.6), (x + r * 0.1, y - r * 0.9), (x + r * 0.3, y - r)], "none", stroke: "#5d4037", line: brush.Line + 2);
                brush.Blob(x + r * 0.35, y - r * 0.85, r * 0.3, r * 0.14, brush.Paint(110));
                brush.Blob(x, y + r * 0.1, r * 0.8, r * 0.75, brush.Paint(chance.Pick([0.0, 10, 45, 90])), 0.03);
                svg.Ellipse(x - r * 0.3, y - r * 0.2, r * 0.14, r * 0.22, "#ffffff", opacity: 0.6);
                break;
            case 1:
                brush.Curve([(x, y + r * 0.5), (x + r * 0.1, y + r * 0.8), (x - r * 0.05, y + r)], "none", line: 1.5);
                brush.Blob(x, y - r * 0.2, r * 0.62, r * 0.75, brush.Paint());
                brush.Shape([(x - r * 0.08, y + r * 0.62), (x + r * 0.08, y + r * 0.62), (x, y + r * 0.5)], brush.Paint());
                break;
            case 2:
                brush.Shape([(x - r * 0.22, y), (x + r * 0.22, y), (x + r * 0.3, y + r * 0.9), (x - r * 0.3, y + r * 0.9)], brush.Paint(40, 40, 88));
                svg.Path($"M {Svg.N(x - r)} {Svg.N(y + r * 0.1)} Q {Svg.N(x)} {Svg.N(y - r * 1.7)} {Svg.N(x + r)} {Svg.N(y + r * 0.1)} Z", brush.Paint(chance.Range(-20, 40)), brush.Outline, brush.Line);
                for (var i = 0; i < 4; i++)
                    svg.Circle(x + r * (-0.5 + i * 0.33), y - r * chance.Range(0.15, 0.45), r * 0.1, "#ffffff");
                break;
            case 3:
                var points = chance.Count(5, 8);
                brush.Shape(Enumerable.Range(0, points * 2).Select(i => (x + r * (i % 2 == 0 ? 1 : 0.45) * Math.Sin(i * Math.PI / points), y - r * (i % 2 == 0 ? 1 : 0.45) * Math.Cos(i * Math.PI / points))), brush.Paint(48, 90, 60));
                break;
            case 4:
                svg.Path($"M {Svg.N(x)} {Svg.N(y + r * 0.85)} C {Svg.N(x - r * 1.7)} {Svg.N(y - r * 0.3)} {Svg.N(x - r * 0.6)} {Svg.N(y - r * 1.3)} {Svg.N(x)} {Svg.N(y - r * 0.4)} C {Svg.N(x + r * 0.6)} {Svg.N(y - r * 1.3)} {Svg.N(x + r * 1.7)} {Svg.N(y - r * 0.3)} {Svg.N(x)} {Svg.N(y + r * 0.85)} Z", brush.Paint(chance.Range(-30, 10)), brush.Outline, brush.Line);
                break;
            case 5:
                var petals = chance.Count(5, 9);
                var petal = brush.Paint();
                brush.Curve([(x, y), (x + r * 0.1, y + r * 0.6), (x, y + r)], "none", stroke: "#3c8d40", line: brush.Line + 2);
                for (var i = 0; i < petals; i++)
                    brush.Blob(x + r * 0.45 * Math.Cos(i * 2 * Math.PI / petals), y - r * 0.2 + r * 0.45 * Math.Sin(i * 2 * Math.PI / petals), r * 0.28, r * 0.28, petal);
                brush.Blob(x, y - r * 0.2, r * 0.25, r * 0.25, brush.Paint(48, 90, 60));
                break;
            case 6:
                brush.Shape([(x - r * 0.7, y - r * 0.1), (x + r * 0.7, y - r * 0.1), (x + r * 0.7, y + r * 0.85), (x - r * 0.7, y + r * 0.85)], brush.Paint());
                brush.Shape([(x - r * 0.85, y - r * 0.1), (x, y - r * 0.9), (x + r * 0.85, y - r * 0.1)], brush.Paint(chance.Range(-10, 25)));
                brush.Shape([(x - r * 0.15, y + r * 0.3), (x + r * 0.2, y + r * 0.3), (x + r * 0.2, y + r * 0.85), (x - r * 0.15, y + r * 0.85)], brush.Paint(25, 50, 30));
                break;
            default:
                brush.Blob(x, y, r * 0.95, r * 0.5, brush.Paint(), 0.02);
                brush.Shape([(x + r * 0.8, y), (x + r * 1.15, y - r * 0.4), (x + r * 1.15, y + r * 0.4)], brush.Paint());
                brush.Eye(x - r * 0.55, y - r * 0.1, r * 0.13);
                brush.Curve([(x - r * 0.2, y - r * 0.3), (x - r * 0.05, y), (x - r * 0.2, y + r * 0.3)], "none");
                break;
        }
    }

    /// <summary>A person of few strokes: a coat, limbs, a head.</summary>
    public static Svg Figure(Chance chance)
    {
        var (svg, brush) = Start(chance);
        var people = chance.Count(1, 3);
        for (var i = 0; i < people; i++)
        {
            var cell = svg.Whole.Inside(6).Cell(i, 0, people, 1);
            var (x, u) = (cell.CentreX, Math.Min(cell.Width / 5, cell.Height / 9));
            var y = cell.CentreY - u * 3;
            var (skin, coat, line) = (brush.Paint(chance.Range(18, 35), 60, chance.Range(45, 80)), brush.Paint(), Math.Max(brush.Line, u * 0.5));
            var stroke = brush.Outline == "none" ? coat : brush.Outline;
            foreach (var side in (double[])[-1, 1])
            {
                brush.Curve([(x + side * u * 0.6, y + u * 1.4), (x + side * u * 1.5, y + u * chance.Range(0, 3)), (x + side * u * 2, y + u * chance.Range(-1, 4))], "none", stroke: stroke, line: line);
                brush.Curve([(x + side * u * 0.4, y + u * 3.8), (x + side * u * 0.7, y + u * 5), (x + side * u * chance.Range(0.5, 1.3), y + u * 6.4)], "none", stroke: stroke, line: line);
            }
            brush.Shape([(x - u * 0.8, y + u), (x + u * 0.8, y + u), (x + u * chance.Range(0.8, 1.6), y + u * 4), (x - u * chance.Range(0.8, 1.6), y + u * 4)], coat);
            brush.Blob(x, y - u * 0.2, u * 1.1, u * 1.2, skin);
            brush.Eye(x - u * 0.4, y - u * 0.3, u * 0.2);
            brush.Eye(x + u * 0.4, y - u * 0.3, u * 0.2);
            brush.Curve([(x - u * 0.4, y + u * 0.4), (x, y + u * 0.6), (x + u * 0.4, y + u * 0.4)], "none", stroke: "#222222", line: 2);
        }
        return svg;
    }

    public static (Svg Svg, Brush Brush) Start(Chance chance)
    {
        var width = chance.Count(220, 640);
        var svg = new Svg(width, (int)(width * chance.Pick([0.75, 1, 1, 1, 1.25])));
        if (chance.Odds(0.62))
            svg.Fill("#ffffff");
        else
            svg.Fill(chance.Odds(0.5) ? Look.Tint(chance) : svg.Gradient(Look.Hue(chance), Look.Tint(chance)));
        return (svg, new Brush(chance, svg));
    }
}
