using Assay.Trainer.Drawing;

namespace Assay.Trainer.Drawings;

/// <summary>Pictures that fill the frame: landscapes, towns, pixel art, patterns, brush strokes, pencil.</summary>
internal static class Scenes
{
    public static Svg Landscape(Chance chance)
    {
        var (svg, brush) = Cartoons.Start(chance);
        var hue = chance.Range(0, 360);
        svg.Fill(svg.Gradient(brush.Paint(chance.Odds(0.6) ? 205 : hue, 70, 60), brush.Paint(chance.Odds(0.6) ? 195 : hue + 40, 60, 88)));
        brush.Blob(svg.Width * chance.Range(0.15, 0.85), svg.Height * chance.Range(0.12, 0.3), svg.Width * 0.07, svg.Width * 0.07, brush.Paint(48, 95, 65));
        foreach (var i in chance.Times(0, 4))
            Cloud(brush, chance, svg.Width * chance.Range(0.1, 0.9), svg.Height * chance.Range(0.1, 0.3), svg.Width * chance.Range(0.05, 0.09));
        var layers = chance.Count(2, 5);
        for (var layer = 0; layer < layers; layer++)
        {
            var level = svg.Height * (0.42 + 0.5 * layer / layers);
            var jagged = chance.Odds(0.35);
            var ridge = Enumerable.Range(0, jagged ? 9 : 7).Select(i => (svg.Width * (i - 0.5) / (jagged ? 7.5 : 5.5), level + svg.Height * chance.Range(-0.14, 0.06))).ToArray();
            (double, double)[] outline = [.. ridge, (svg.Width * 1.2, svg.Height * 1.2), (-svg.Width * 0.2, svg.Height * 1.2)];
            var fill = brush.Paint(chance.Odds(0.7) ? 110 + layer * 12 : hue + layer * 20, 50, 68 - layer * 9);
            if (jagged)
                brush.Shape(outline, fill);
            else
                brush.Curve(outline, fill, closed: true);
        }
        foreach (var i in chance.Times(2, 9))
            Tree(brush, chance, svg.Width * chance.Range(0.05, 0.95), svg.Height * chance.Range(0.65, 0.95), svg.Height * chance.Range(0.08, 0.22));
        return svg;
    }

    public static Svg Town(Chance chance)
    {
        var (svg, brush) = Cartoons.Start(chance);
        svg.Fill(svg.Gradient(brush.Paint(chance.Range(180, 280), 50, 45), brush.Paint(chance.Range(10, 60), 60, 80)));
        for (double x = -10; x < svg.Width;)
        {
            var (width, height) = (svg.Width * chance.Range(0.1, 0.22), svg.Height * chance.Range(0.25, 0.75));
            var house = new Box(x, svg.Height - height, width, height);
            brush.Shape([(house.X, house.Y), (house.Right, house.Y), (house.Right, house.Bottom), (house.X, house.Bottom)], brush.Paint());
            if (chance.Odds(0.5))
                brush.Shape([(house.X - 4, house.Y), (house.CentreX, house.Y - width * 0.6), (house.Right + 4, house.Y)], brush.Paint(10));
            var (columns, rows) = (chance.Count(2, 3), chance.Count(2, 6));
            for (var i = 0; i < columns * rows; i++)
            {
                var cell = house.Inside(5).Cell(i % columns, i / columns, columns, rows).Inside(width * 0.06);
                svg.Rectangle(cell, chance.Odds(0.6) ? brush.Paint(50, 90, 75) : brush.Paint(210, 30, 40), brush.Outline, brush.Line * 0.6);
            }
            x += width * chance.Range(0.8, 1.2);
        }
        return svg;
    }

    /// <summary>A symmetrical sprite, or several, of large square pixels.</summary>
    public static Svg Pixels(Chance chance)
    {
        var svg = new Svg(chance.Count(240, 520), chance.Count(240, 520));
        svg.Fill(chance.Odds(0.6) ? "#ffffff" : Look.Hue(chance));
        var (across, down) = chance.Odds(0.5) ? (1, 1) : (chance.Count(2, 7), chance.Count(2, 6));
        var colours = Enumerable.Range(0, 4).Select(_ => Look.Hue(chance)).ToArray();
        var (side, same) = (chance.Count(7, 15), chance.Seed());
        for (var sprite = 0; sprite < across * down; sprite++)
        {
            var box = svg.Whole.Inside(6).Cell(sprite % across, sprite / across, across, down, 6);
            var own = new Chance(chance.Odds(0.5) ? same : chance.Seed());
            var unit = Math.Min(box.Width, box.Height) / side;
            for (var i = 0; i < side * ((side + 1) / 2); i++)
            {
                var (column, row) = (i / side, i % side);
                var centre = 1 - Math.Abs(row - side / 2.0) / side - (side / 2.0 - column) / side;
                if (!own.Odds(centre * 0.85))
                    continue;
                var colour = own.Odds(0.2) ? "#111111" : own.Pick(colours);
                svg.Rectangle(new Box(box.X + column * unit, box.Y + row * unit, unit + 0.4, unit + 0.4), colour);
                svg.Rectangle(new Box(box.X + (side - 1 - column) * unit, box.Y + row * unit, unit + 0.4, unit + 0.4), colour);
            }
        }
        return svg;
    }

    /// <summary>Many short broad strokes whose colours follow a landscape or a still life: as painted.</summary>
    public static Svg Painting(Chance chance)
    {
        var svg = new Svg(chance.Count(300, 560), chance.Count(260, 480));
        var (hue, horizon) = (chance.Range(0, 360), chance.Range(0.3, 0.7));
        svg.Fill(Look.Hsl(hue, 40, 55));
        var (sunX, sunY, swirl) = (chance.Range(0.1, 0.9), chance.Range(0.05, 0.4), chance.Range(-1.5, 1.5));
        var length = svg.Width * chance.Range(0.02, 0.06);
        for (var i = 0; i < 1500; i++)
        {
            var (x, y) = (chance.Range(0, 1), chance.Range(0, 1));
            var ground = y > horizon + 0.08 * Math.Sin(x * 6 + hue);
            var near = Math.Exp(-((x - sunX) * (x - sunX) + (y - sunY) * (y - sunY)) * 18);
            var colour = Look.Hsl((hue + (ground ? 130 : 0) + 25 * chance.Normal() + 720) % 360, 45 + 15 * chance.Normal(), (ground ? 38 : 58) + near * 35 + 9 * chance.Normal());
            var angle = ground ? 0.25 * chance.Normal() : swirl * Math.Atan2(y - sunY, x - sunX) + 0.3 * chance.Normal();
            var (cx, cy) = (x * svg.Width, y * svg.Height);
            svg.Path($"M {Svg.N(cx)} {Svg.N(cy)} q {Svg.N(length * Math.Cos(angle))} {Svg.N(length * Math.Sin(angle) - length * 0.3)} {Svg.N(length * 1.6 * Math.Cos(angle))} {Svg.N(length * 1.6 * Math.Sin(angle))}", "none", colour, length * chance.Range(0.2, 0.45), 0.9);
        }
        return svg;
    }

    /// <summary>Pencil or ink on paper: bent outlines, hatching, no colour.</summary>
    public static Svg Sketch(Chance chance)
    {
        var svg = new Svg(chance.Count(260, 560), chance.Count(260, 560));
        var board = chance.Odds(0.1);
        svg.Fill(board ? "#222222" : chance.Pick(["#ffffff", "#ffffff", "#f7f3e8", "#efe6d2"]));
        var ink = board ? "#eeeeee" : chance.Pick(["#222222", "#444444", "#5b3a1e", "#1a2a5a"]);
        var brush = new Brush(chance, svg);
        var shapes = chance.Count(2, 6);
        for (var s = 0; s < shapes; s++)
        {
            var (x, y, r) = (svg.Width * chance.Range(0.25, 0.75), svg.Height * chance.Range(0.25, 0.75), svg.Width * chance.Range(0.08, 0.28));
            var lobes = chance.Count(2, 5);
            var outline = Enumerable.Range(0, 16).Select(i => (x + r * (1 + 0.3 * Math.Sin(i * lobes * Math.PI / 8)) * Math.Cos(i * Math.PI / 8), y + r * (1 + 0.2 * chance.Range(-1, 1)) * Math.Sin(i * Math.PI / 8))).ToArray();
            foreach (var again in chance.Times(1, 3))
                brush.Curve([.. outline.Select(p => (p.Item1 + chance.Normal() * 1.5, p.Item2 + chance.Normal() * 1.5))], "none", closed: true, stroke: ink, line: chance.Range(0.8, 2.2));
            var (turn, spacing) = (chance.Range(0.3, 1.2), chance.Range(3, 8));
            for (var d = -r * 0.7; d < r * 0.7 && chance.Odds(0.97); d += spacing)
            {
                var half = Math.Sqrt(Math.Max(0, r * r * 0.5 - d * d));
                svg.Line(x + d - half * Math.Cos(turn), y + d * 0.4 + half * Math.Sin(turn), x + d + half * Math.Cos(turn) * 0.6, y + d * 0.4 - half * Math.Sin(turn) * 0.6, ink, chance.Range(0.5, 1.2));
            }
        }
        foreach (var i in chance.Times(0, 14))
        {
            var (x, y) = (svg.Width * chance.Range(0.1, 0.9), svg.Height * chance.Range(0.1, 0.9));
            brush.Curve([.. Enumerable.Range(0, 5).Select(_ => (x += chance.Normal() * 30, y += chance.Normal() * 30))], "none", stroke: ink, line: chance.Range(0.6, 2));
        }
        return svg;
    }

    /// <summary>Rotated repetitions of one ornament, as mandalas, tiles and logos are.</summary>
    public static Svg Ornament(Chance chance)
    {
        var (svg, brush) = Cartoons.Start(chance);
        var (cx, cy, r) = (svg.Whole.CentreX, svg.Whole.CentreY, Math.Min(svg.Width, svg.Height) * 0.44);
        for (var ring = chance.Count(2, 5); ring > 0; ring--)
        {
            var (count, reach, fill, pointed) = (chance.Count(4, 14), r * ring / 5, brush.Paint(), chance.Odds(0.5));
            for (var i = 0; i < count; i++)
            {
                svg.Open($"rotate({Svg.N(360.0 * i / count)} {Svg.N(cx)} {Svg.N(cy)})");
                if (pointed)
                    svg.Polygon([(cx, cy - reach * 1.1), (cx + reach * 0.25, cy - reach * 0.6), (cx, cy - reach * 0.2), (cx - reach * 0.25, cy - reach * 0.6)], fill, brush.Outline, brush.Line * 0.6);
                else
                    svg.Ellipse(cx, cy - reach * 0.7, reach * 0.2, reach * 0.4, fill, brush.Outline, brush.Line * 0.6);
                svg.Close();
            }
        }
        return svg;
    }

    private static void Cloud(Brush brush, Chance chance, double x, double y, double r)
    {
        for (var i = -1; i <= 1; i++)
            brush.Svg.Ellipse(x + i * r, y + Math.Abs(i) * r * 0.25, r * chance.Range(0.8, 1.1), r * 0.65, "#ffffff");
    }

    private static void Tree(Brush brush, Chance chance, double x, double y, double height)
    {
        brush.Shape([(x - height * 0.06, y), (x + height * 0.06, y), (x + height * 0.05, y - height * 0.5), (x - height * 0.05, y - height * 0.5)], brush.Paint(28, 45, 35));
        if (chance.Odds(0.5))
            brush.Blob(x, y - height * 0.75, height * 0.32, height * 0.36, brush.Paint(chance.Range(80, 140), 50, 42), 0.06);
        else
            brush.Shape([(x - height * 0.3, y - height * 0.3), (x, y - height), (x + height * 0.3, y - height * 0.3)], brush.Paint(chance.Range(110, 150), 45, 35));
    }
}
