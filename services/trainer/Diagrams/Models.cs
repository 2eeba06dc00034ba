using Assay.Trainer.Drawing;

namespace Assay.Trainer.Diagrams;

/// <summary>Diagrams of software: sequences, tables with relations, states, neural networks, layers.</summary>
internal static class Models
{
    public static Svg Sequence(Chance chance)
    {
        var (svg, look, node) = Graphs.Start(chance, 1.2);
        var (actors, messages) = (chance.Count(2, 5), chance.Count(4, 12));
        var area = svg.Whole.Inside(svg.Width * 0.02, svg.Height * 0.04, svg.Width * 0.02, svg.Height * 0.03);
        double X(int actor) => area.Cell(actor, 0, actors, 1).CentreX;
        var (width, height) = (area.Width / actors * 0.7, Math.Clamp(area.Height * 0.09, 18, 40));
        for (var i = 0; i < actors; i++)
        {
            svg.Line(X(i), area.Y + height, X(i), area.Bottom, node.Edge, 1, "5 4");
            node.Draw(svg, chance, new Box(X(i) - width / 2, area.Y, width, height), "box", Words.Part(chance), i);
        }
        var from = 0;
        for (var m = 0; m < messages; m++)
        {
            var y = area.Y + height + (area.Height - height) * (m + 0.8) / (messages + 0.5);
            var to = from == 0 ? 1 : from == actors - 1 ? from - 1 : from + (chance.Odds(0.5) ? 1 : -1);
            if (chance.Odds(0.3))
                svg.Rectangle(new Box(X(to) - 5, y, 10, (area.Height - height) / messages), look.Panel, node.Edge);
            svg.Arrow(X(from), y, X(to), y, node.Edge, node.Line * 0.8, 8, to < from && chance.Odds(0.6) ? "6 4" : "none", node.Open);
            svg.Text((X(from) + X(to)) / 2, y - 4, Math.Min(node.Size, 13), $"{Words.Action(chance).ToLowerInvariant()}{chance.Pick(["()", "", " ok", " id"])}", look.Ink, look.Font, "middle");
            from = to;
        }
        return svg;
    }

    /// <summary>Tables or classes: a name, lines of fields, relations between them.</summary>
    public static Svg Tables(Chance chance)
    {
        var (svg, look, node) = Graphs.Start(chance, 1.3);
        var (columns, rows) = (chance.Count(2, 4), chance.Count(1, 3));
        var size = Math.Clamp(svg.Height / rows / 11.0, 6, 14);
        var boxes = Enumerable.Range(0, columns * rows).Where(_ => chance.Odds(0.85)).Select(i =>
        {
            var cell = svg.Whole.Inside(10).Cell(i % columns, i / columns, columns, rows, svg.Width * 0.06);
            var fields = chance.Count(2, 6);
            return (Box: new Box(cell.X, cell.Y + chance.Range(0, cell.Height * 0.15), cell.Width, size * 1.5 * (fields + 1.5)), Fields: fields);
        }).ToArray();
        for (var i = 0; i + 1 < boxes.Length; i++)
        {
            var (a, b) = (boxes[i].Box, boxes[i + 1].Box);
            var middle = (a.Right + b.X) / 2;
            svg.Polyline([(a.Right, a.CentreY), (middle, a.CentreY), (middle, b.CentreY), (b.X, b.CentreY)], node.Edge, node.Line);
            svg.Text(a.Right + 3, a.CentreY - 3, size, chance.Pick(["1", "n", "0..1", "*"]), look.Ink, look.Font);
        }
        foreach (var (box, fields) in boxes)
        {
            svg.Rectangle(box, look.Panel, node.Edge, node.Line);
            svg.Rectangle(new Box(box.X, box.Y, box.Width, size * 1.8), look[0], node.Edge, node.Line);
            svg.Text(box.CentreX, box.Y + size * 1.25, size, Words.Part(chance), "#111111", look.Font, "middle", bold: true);
            for (var f = 0; f < fields; f++)
                svg.Text(box.X + 6, box.Y + size * (3 + f * 1.45), size * 0.9, $"{chance.Pick(["+ ", "# ", "- ", "", "PK "])}{Words.Noun(chance).ToLowerInvariant()}: {chance.Pick(["int", "text", "date", "bool"])}", look.Ink, look.Font);
        }
        return svg;
    }

    /// <summary>Circles with bent arrows between them and loops on some.</summary>
    public static Svg States(Chance chance)
    {
        var (svg, look, node) = Graphs.Start(chance, 1.7);
        var count = chance.Count(3, 7);
        var radius = Math.Min(svg.Width / (count * 2.0), svg.Height * 0.15);
        var places = Enumerable.Range(0, count).Select(i =>
            (X: svg.Width * (i + 0.7) / (count + 0.4), Y: svg.Height * (count > 4 && i % 2 == 1 ? 0.28 : 0.62) + chance.Range(-8, 8))).ToArray();
        for (var i = 0; i < count; i++)
        {
            var (x, y) = places[i];
            if (chance.Odds(0.35))
                svg.Path($"M {Svg.N(x - radius * 0.5)} {Svg.N(y - radius * 0.85)} C {Svg.N(x - radius * 1.2)} {Svg.N(y - radius * 2.4)} {Svg.N(x + radius * 1.2)} {Svg.N(y - radius * 2.4)} {Svg.N(x + radius * 0.5)} {Svg.N(y - radius * 0.85)}", "none", node.Edge, node.Line);
            for (var j = 0; j < count; j++)
            {
                if (j != i + 1 && !(i != j && chance.Odds(0.12)))
                    continue;
                var (toX, toY) = places[j];
                var lift = j > i ? -1 : 1;
                var (endX, endY) = (toX - Math.Sign(toX - x) * radius * 0.8, toY + lift * radius * 0.7);
                var (midX, midY) = ((x + toX) / 2, (y + toY) / 2 + lift * radius * chance.Range(1, 2.2));
                svg.Path($"M {Svg.N(x + Math.Sign(toX - x) * radius * 0.8)} {Svg.N(y + lift * radius * 0.7)} Q {Svg.N(midX)} {Svg.N(midY)} {Svg.N(endX)} {Svg.N(endY)}", "none", node.Edge, node.Line);
                svg.Arrow(endX - (endX - midX) * 0.06, endY - (endY - midY) * 0.06, endX, endY, node.Edge, node.Line, 9);
                svg.Text(midX, midY, node.Size, chance.Pick(["a", "b", "0", "1", "0.3", "go", "stop", "fail"]), look.Ink, look.Font, "middle", italic: true);
            }
        }
        for (var i = 0; i < count; i++)
            node.Draw(svg, chance, new Box(places[i].X - radius, places[i].Y - radius, radius * 2, radius * 2), "circle", chance.Odds(0.5) ? $"S{i}" : Words.ShortPart(chance), i);
        return svg;
    }

    public static Svg NeuralNetwork(Chance chance)
    {
        var (svg, look, node) = Graphs.Start(chance, 1.4);
        var layers = Enumerable.Range(0, chance.Count(2, 5)).Select(_ => chance.Count(1, 7)).ToArray();
        var turned = chance.Odds(0.25);
        (double X, double Y) At(int layer, int unit)
        {
            var (along, across) = ((layer + 0.5) / layers.Length, (unit + 0.5) / layers[layer]);
            return turned ? (svg.Width * across, svg.Height * along) : (svg.Width * along, svg.Height * across);
        }
        var radius = Math.Min(svg.Width / (layers.Length * 3.0), svg.Height / (layers.Max() * 2.8));
        for (var layer = 0; layer + 1 < layers.Length; layer++)
        {
            for (var i = 0; i < layers[layer]; i++)
            {
                for (var j = 0; j < layers[layer + 1]; j++)
                    svg.Line(At(layer, i).X, At(layer, i).Y, At(layer + 1, j).X, At(layer + 1, j).Y, node.Edge, Math.Min(1.3, node.Line));
            }
        }
        for (var layer = 0; layer < layers.Length; layer++)
        {
            for (var i = 0; i < layers[layer]; i++)
            {
                var (x, y) = At(layer, i);
                node.Draw(svg, chance, new Box(x - radius, y - radius, radius * 2, radius * 2), chance.Odds(0.93) ? "circle" : "box", chance.Pick(["x", "h", "y", "Σ", "σ", ""]) + (chance.Odds(0.5) ? $"{i + 1}" : ""), layer);
            }
        }
        return svg;
    }

    /// <summary>Blocks inside blocks, or stacked on each other.</summary>
    public static Svg Layers(Chance chance)
    {
        var (svg, look, node) = Graphs.Start(chance, 1.4);
        var rows = chance.Count(2, 6);
        var area = svg.Whole.Inside(svg.Width * 0.06, svg.Height * (Graphs.Titled(svg, chance, look) ? 0.13 : 0.06), svg.Width * 0.06, svg.Height * 0.06);
        var arrows = chance.Odds(0.5);
        for (var row = 0; row < rows; row++)
        {
            var layer = area.Cell(0, row, 1, rows, arrows ? 22 : 6);
            var blocks = chance.Odds(0.4) ? 1 : chance.Count(2, 5);
            if (blocks > 1 && chance.Odds(0.6))
                svg.Rectangle(layer, look.Panel, node.Edge, node.Line);
            for (var i = 0; i < blocks; i++)
                node.Draw(svg, chance, (blocks > 1 ? layer.Inside(8) : layer).Cell(i, 0, blocks, 1, 10), "box", Words.Part(chance), row);
            if (arrows && row + 1 < rows)
                svg.Arrow(layer.CentreX, layer.Bottom, layer.CentreX, layer.Bottom + 21, node.Edge, node.Line, 8, open: node.Open);
        }
        return svg;
    }
}
