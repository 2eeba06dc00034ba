using Assay.Trainer.Drawing;

namespace Assay.Trainer.Diagrams;

/// <summary>Explaining figures without a graph: sets, cycles, pyramids, geometry, circuits, queues.</summary>
internal static class Figures
{
    public static Svg Sets(Chance chance)
    {
        var (svg, look, node) = Graphs.Start(chance, 1.15);
        var count = chance.Count(2, 4);
        var radius = Math.Min(svg.Width, svg.Height) * chance.Range(0.22, 0.29);
        for (var i = 0; i < count; i++)
        {
            var angle = 2 * Math.PI * i / count - Math.PI / 2;
            var (x, y) = (svg.Whole.CentreX + radius * 0.65 * Math.Cos(angle), svg.Whole.CentreY + radius * 0.65 * Math.Sin(angle));
            svg.Circle(x, y, radius, look[i], node.Edge, node.Line, 0.55);
            svg.Text(x + radius * 0.45 * Math.Cos(angle), y + radius * 0.45 * Math.Sin(angle), node.Size, Words.ShortPart(chance), look.Ink, look.Font, "middle", bold: true);
        }
        if (chance.Odds(0.5))
            svg.Text(svg.Whole.CentreX, svg.Whole.CentreY + node.Size * 0.3, node.Size, Words.ShortPart(chance), look.Ink, look.Font, "middle");
        return svg;
    }

    public static Svg Pyramid(Chance chance)
    {
        var (svg, look, node) = Graphs.Start(chance, 1.2);
        var levels = chance.Count(3, 6);
        var area = svg.Whole.Inside(svg.Width * 0.1, svg.Height * 0.08, svg.Width * 0.1, svg.Height * 0.08);
        var (funnel, narrow) = (chance.Odds(0.4), chance.Range(0, 0.2));
        for (var i = 0; i < levels; i++)
        {
            double Half(int level) => area.Width / 2 * (narrow + (1 - narrow) * (funnel ? levels - level : level) / levels);
            var (top, bottom) = (area.Y + area.Height * i / levels, area.Y + area.Height * (i + 1) / levels - 3);
            svg.Polygon([(area.CentreX - Half(i), top), (area.CentreX + Half(i), top), (area.CentreX + Half(i + 1), bottom), (area.CentreX - Half(i + 1), bottom)], look[i], node.Edge, node.Line);
            svg.Text(area.CentreX, (top + bottom) / 2 + 5, node.Size, Words.Part(chance), "#111111", look.Font, "middle");
        }
        return svg;
    }

    /// <summary>A construction as in a textbook: triangles, circles, angles, forces, with letters.</summary>
    public static Svg Geometry(Chance chance)
    {
        var (svg, look, node) = Graphs.Start(chance, 1.3);
        (double X, double Y) Anywhere() => (svg.Width * chance.Range(0.12, 0.88), svg.Height * chance.Range(0.12, 0.88));
        var corners = Enumerable.Range(0, chance.Count(3, 5)).Select(_ => Anywhere()).ToArray();
        var line = node.Line + 0.5;
        svg.Polygon(corners, chance.Odds(0.4) ? look[0] : "none", look.Ink, line);
        foreach (var ((x, y), i) in corners.Select((corner, i) => (corner, i)))
        {
            svg.Circle(x, y, 3.5, look.Ink);
            svg.Text(x + 7, y - 7, node.Size * 1.3, $"{(char)('A' + i)}", look.Ink, "Liberation Serif", italic: true);
        }
        foreach (var i in chance.Times(1, 3))
        {
            var (x, y) = Anywhere();
            var radius = svg.Height * chance.Range(0.08, 0.3);
            svg.Circle(x, y, radius, "none", look[i + 1], line);
            svg.Line(x, y, x + radius * 0.8, y - radius * 0.6, look.Ink, line, "4 3");
            svg.Text(x + radius * 0.3, y - radius * 0.4, node.Size * 1.2, "r", look.Ink, "Liberation Serif", italic: true);
        }
        foreach (var i in chance.Times(1, 4))
        {
            var (x1, y1) = Anywhere();
            var (x2, y2) = Anywhere();
            svg.Arrow(x1, y1, x2, y2, look[i], line, 11);
            svg.Text((x1 + x2) / 2 + 6, (y1 + y2) / 2 - 6, node.Size * 1.2, chance.Pick(["F", "v", "α", "θ", "p₁", "k", "m g", "2π", "x"]), look.Ink, "Liberation Serif", italic: true);
        }
        return svg;
    }

    /// <summary>A loop of wires with resistors, capacitors, sources and lamps.</summary>
    public static Svg Circuit(Chance chance)
    {
        var (svg, look, node) = Graphs.Start(chance, 1.4);
        var box = svg.Whole.Inside(svg.Width * 0.15, svg.Height * 0.18, svg.Width * 0.15, svg.Height * 0.18);
        var meshes = chance.Count(1, 3);
        for (var mesh = 0; mesh < meshes; mesh++)
        {
            var loop = box.Cell(mesh, 0, meshes, 1);
            svg.Rectangle(loop, "none", look.Ink, node.Line + 0.5);
            Part(svg, chance, look, node, loop.CentreX, loop.Y, 0);
            Part(svg, chance, look, node, loop.X, loop.CentreY, 90);
            if (chance.Odds(0.6))
                Part(svg, chance, look, node, loop.CentreX, loop.Bottom, 0);
        }
        Part(svg, chance, look, node, box.Right, box.CentreY, 90);
        return svg;
    }

    /// <summary>Messages in a row of cells, with who sends and who receives.</summary>
    public static Svg Queue(Chance chance)
    {
        var (svg, look, node) = Graphs.Start(chance, 2.1);
        var rows = chance.Count(1, 3);
        for (var row = 0; row < rows; row++)
        {
            var lane = svg.Whole.Inside(svg.Width * 0.04, svg.Height * 0.06, svg.Width * 0.04, svg.Height * 0.06).Cell(0, row, 1, rows);
            var side = Math.Min(lane.Height * 0.55, lane.Width * 0.13);
            var shape = chance.Pick(["circle", "circle", "box", "round"]);
            node.Draw(svg, chance, new Box(lane.X, lane.CentreY - side / 2, side, side), shape, chance.Pick(["P", "S", "A", "App"]), 0);
            node.Draw(svg, chance, new Box(lane.Right - side, lane.CentreY - side / 2, side, side), shape, chance.Pick(["C", "R", "B", "Sub"]), 1);
            var cells = chance.Count(3, 8);
            var queue = new Box(lane.CentreX - lane.Width * 0.17, lane.CentreY - side * 0.3, lane.Width * 0.34, side * 0.6);
            for (var i = 0; i < cells; i++)
                svg.Rectangle(queue.Cell(i, 0, cells, 1), look[2], node.Edge, node.Line);
            svg.Arrow(lane.X + side + 3, lane.CentreY, queue.X - 3, lane.CentreY, node.Edge, node.Line, open: node.Open);
            svg.Arrow(queue.Right + 3, lane.CentreY, lane.Right - side - 4, lane.CentreY, node.Edge, node.Line, open: node.Open);
            svg.Text(queue.CentreX, queue.Y - 6, node.Size, Words.ShortPart(chance).ToLowerInvariant(), look.Ink, look.Font, "middle");
        }
        return svg;
    }

    private static void Part(Svg svg, Chance chance, Look look, Node node, double x, double y, int turn)
    {
        var size = Math.Min(svg.Width, svg.Height) * 0.06;
        svg.Open($"translate({Svg.N(x)} {Svg.N(y)}) rotate({turn})");
        var kind = chance.Count(0, 3);
        svg.Rectangle(new Box(-size, -size * 0.6, size * 2, size * 1.2), look.Back);
        if (kind == 0)
            svg.Rectangle(new Box(-size, -size * 0.4, size * 2, size * 0.8), look.Back, look.Ink, node.Line);
        else if (kind == 1)
            svg.Polyline(Enumerable.Range(0, 9).Select(i => (-size + size * i / 4.0, i is 0 or 8 ? 0 : i % 2 == 0 ? size * 0.5 : -size * 0.5)), look.Ink, node.Line);
        else if (kind == 2)
        {
            svg.Line(-size, 0, -size * 0.2, 0, look.Ink, node.Line);
            svg.Line(size * 0.2, 0, size, 0, look.Ink, node.Line);
            svg.Line(-size * 0.2, -size * 0.7, -size * 0.2, size * 0.7, look.Ink, node.Line + 1);
            svg.Line(size * 0.2, -size * 0.7, size * 0.2, size * 0.7, look.Ink, node.Line + 1);
        }
        else
            svg.Circle(0, 0, size, look.Back, look.Ink, node.Line);
        svg.Close();
        svg.Text(x + (turn == 0 ? 0 : size * 1.2), y - (turn == 0 ? size : 0), node.Size, chance.Pick(["R1", "R2", "C", "L", "U", "I", "10 kΩ"]), look.Ink, look.Font, turn == 0 ? "middle" : "start");
    }
}
