using Assay.Trainer.Drawing;

namespace Assay.Trainer.Diagrams;

/// <summary>Boxes and arrows: flows, architectures, trees, rings and mind maps.</summary>
internal static class Graphs
{
    /// <summary>Ranks of boxes, each joined to some of the next rank.</summary>
    public static Svg Flow(Chance chance)
    {
        var down = chance.Odds(0.5);
        var ranks = chance.Count(2, 6);
        var widths = Enumerable.Range(0, ranks).Select(_ => chance.Odds(0.45) ? 1 : chance.Count(1, 4)).ToArray();
        var (svg, look, node) = Start(chance, down ? 0.8 : 1.7);
        var area = svg.Whole.Inside(svg.Width * 0.05, svg.Height * (Titled(svg, chance, look) ? 0.12 : 0.05), svg.Width * 0.05, svg.Height * 0.05);
        if (chance.Odds(0.3))
            Cluster(svg, chance, look, down ? area.Cell(0, chance.Count(0, ranks - 1), 1, ranks).Inside(-6) : area.Cell(chance.Count(0, ranks - 1), 0, ranks, 1).Inside(-6));
        Box Place(int rank, int index)
        {
            var cell = down ? area.Cell(0, rank, 1, ranks).Cell(index, 0, widths[rank], 1) : area.Cell(rank, 0, ranks, 1).Cell(0, index, 1, widths[rank]);
            var (width, height) = (Math.Min(cell.Width * 0.72, 150), Math.Min(cell.Height * 0.55, 58));
            return new(cell.CentreX - width / 2, cell.CentreY - height / 2, width, height);
        }
        var (elbow, dash, labels) = (chance.Odds(0.35), chance.Odds(0.15) ? "5 4" : "none", chance.Odds(0.35));
        for (var rank = 0; rank + 1 < ranks; rank++)
        {
            for (var i = 0; i < widths[rank]; i++)
            {
                for (var j = 0; j < widths[rank + 1]; j++)
                {
                    if (widths[rank] > 1 && widths[rank + 1] > 1 && i != j && chance.Odds(0.6))
                        continue;
                    Join(svg, node, Place(rank, i), Place(rank + 1, j), down, elbow, dash);
                    if (labels && chance.Odds(0.5))
                        svg.Text((Place(rank, i).CentreX + Place(rank + 1, j).CentreX) / 2 + 4, (Place(rank, i).CentreY + Place(rank + 1, j).CentreY) / 2 - 3, node.Size * 0.85, chance.Pick(["yes", "no", "send", "read", "HTTP", "ack", "1..n"]), look.Ink, look.Font);
                }
            }
        }
        var shapes = chance.Odds(0.5) ? [chance.Pick(Node.Shapes)] : Node.Shapes;
        for (var rank = 0; rank < ranks; rank++)
        {
            for (var i = 0; i < widths[rank]; i++)
                node.Draw(svg, chance, Place(rank, i), chance.Pick(shapes), Words.Part(chance), chance.Odds(0.7) ? rank : i);
        }
        return svg;
    }

    /// <summary>Groups with a frame and a name, icons or boxes inside, arrows between the groups.</summary>
    public static Svg Architecture(Chance chance)
    {
        var (svg, look, node) = Start(chance, 1.4);
        var (columns, rows) = (chance.Count(2, 4), chance.Count(1, 3));
        var area = svg.Whole.Inside(svg.Width * 0.03, svg.Height * (Titled(svg, chance, look) ? 0.12 : 0.04), svg.Width * 0.03, svg.Height * 0.04);
        var gap = Math.Min(svg.Width, svg.Height) * chance.Range(0.05, 0.12);
        var groups = Enumerable.Range(0, columns * rows).Select(i => area.Cell(i % columns, i / columns, columns, rows, gap)).Where(_ => chance.Odds(0.85)).ToArray();
        for (var i = 0; i + 1 < groups.Length; i++)
        {
            var sameRow = Math.Abs(groups[i].Y - groups[i + 1].Y) < 1;
            if (sameRow)
                svg.Arrow(groups[i].Right, groups[i].CentreY, groups[i + 1].X, groups[i + 1].CentreY, node.Edge, node.Line, open: node.Open);
            else
                svg.Arrow(groups[i].CentreX, groups[i].Bottom, groups[i + 1].CentreX, groups[i + 1].Y, node.Edge, node.Line, open: node.Open);
        }
        var icons = chance.Odds(0.5);
        foreach (var group in groups)
        {
            if (chance.Odds(0.8))
                Cluster(svg, chance, look, group);
            var (across, deep) = (chance.Count(1, 2), chance.Count(1, 3));
            for (var i = 0; i < across * deep; i++)
            {
                var cell = group.Inside(6, node.Size * 1.6, 6, 6).Cell(i % across, i / across, across, deep, 8);
                if (icons)
                    Icon(svg, chance, look, node, cell);
                else
                    node.Draw(svg, chance, new Box(cell.X, cell.CentreY - Math.Min(cell.Height, 54) / 2, cell.Width, Math.Min(cell.Height, 54)), chance.Pick(Node.Shapes), Words.Part(chance), i);
            }
        }
        return svg;
    }

    public static Svg Tree(Chance chance)
    {
        var (svg, look, node) = Start(chance, 1.5);
        var depth = chance.Count(3, 4);
        var area = svg.Whole.Inside(svg.Width * 0.03);
        var shape = chance.Pick(["box", "box", "ellipse", "circle", "round"]);
        var straight = chance.Odds(0.5);
        void Branch(Box box, int level, (double X, double Y)? parent)
        {
            var (width, height) = (Math.Min(box.Width * 0.85, 120), Math.Min(area.Height / depth * 0.5, 40));
            var own = new Box(box.CentreX - width / 2, box.Y, width, height);
            if (parent is var (x, y))
            {
                if (straight)
                    svg.Line(x, y, own.CentreX, own.Y, node.Edge, node.Line);
                else
                    svg.Polyline([(x, y), (x, (y + own.Y) / 2), (own.CentreX, (y + own.Y) / 2), (own.CentreX, own.Y)], node.Edge, node.Line);
            }
            node.Draw(svg, chance, own, shape, Words.ShortPart(chance), level);
            var children = level + 1 < depth ? chance.Count(1, level == 0 ? 4 : 3) : 0;
            for (var i = 0; i < children; i++)
                Branch(new Box(box.X, box.Y + area.Height / depth, box.Width, box.Height).Cell(i, 0, children, 1), level + 1, (own.CentreX, own.Bottom));
        }
        Branch(area, 0, null);
        return svg;
    }

    /// <summary>Nodes on a circle, or around one in the middle.</summary>
    public static Svg Ring(Chance chance)
    {
        var (svg, look, node) = Start(chance, 1.15);
        var (count, star) = (chance.Count(3, 10), chance.Odds(0.5));
        var shape = chance.Pick(["circle", "circle", "box", "cylinder", "ellipse", "round"]);
        var (radius, side) = (Math.Min(svg.Width, svg.Height) * 0.37, Math.Min(svg.Width, svg.Height) * chance.Range(0.13, 0.2));
        (double X, double Y) At(int i) => (svg.Whole.CentreX + radius * 1.1 * Math.Sin(2 * Math.PI * i / count), svg.Whole.CentreY - radius * Math.Cos(2 * Math.PI * i / count));
        var mesh = chance.Odds(0.3);
        for (var i = 0; i < count; i++)
        {
            var from = star ? (svg.Whole.CentreX, svg.Whole.CentreY) : At(i);
            var to = star ? At(i) : At((i + 1) % count);
            var (dx, dy) = (to.Item1 - from.Item1, to.Item2 - from.Item2);
            var length = Math.Sqrt(dx * dx + dy * dy);
            var cut = side * 0.62 / length;
            svg.Arrow(from.Item1 + dx * cut, from.Item2 + dy * cut, to.Item1 - dx * cut, to.Item2 - dy * cut, node.Edge, node.Line, open: node.Open);
            for (var j = i + 2; mesh && j < count; j++)
                svg.Line(At(i).X, At(i).Y, At(j).X, At(j).Y, look.Faint, 1);
        }
        for (var i = 0; i < count; i++)
            node.Draw(svg, chance, new Box(At(i).X - side * 0.6, At(i).Y - side / 2, side * 1.2, side), shape, Words.ShortPart(chance), i);
        if (star)
            node.Draw(svg, chance, new Box(svg.Whole.CentreX - side * 0.7, svg.Whole.CentreY - side * 0.55, side * 1.4, side * 1.1), shape, Words.ShortPart(chance), count);
        return svg;
    }

    public static (Svg Svg, Look Look, Node Node) Start(Chance chance, double aspect)
    {
        var width = chance.Count(360, 960);
        var svg = new Svg(width, (int)(width / aspect / chance.Range(0.75, 1.35)));
        var look = Look.Of(chance);
        if (chance.Odds(0.2))
            look = look with { Font = chance.Pick(Look.HandFonts) };
        if (chance.Odds(0.35))
            look = look with { Colours = [.. Enumerable.Range(0, 6).Select(_ => Look.Tint(chance))] };
        svg.Fill(look.Back);
        return (svg, look, new Node(chance, look));
    }

    public static bool Titled(Svg svg, Chance chance, Look look)
    {
        if (chance.Odds(0.7))
            return false;
        var size = Math.Clamp(svg.Height * 0.05, 12, 30);
        svg.Text(svg.Whole.CentreX, size * 1.5, size, $"{Words.Part(chance)} {chance.Pick(["architecture", "flow", "overview", "process", "model"])}", look.Ink, look.Font, "middle", bold: chance.Odds(0.5));
        return true;
    }

    private static void Cluster(Svg svg, Chance chance, Look look, Box box)
    {
        svg.Rectangle(box, chance.Odds(0.5) ? look.Panel : Look.Tint(chance), look.Ink, 1, chance.Odds(0.5) ? 8 : 0, 0.8);
        svg.Text(box.X + 8, box.Y + 15, 12, Words.Part(chance), "#333333", look.Font);
    }

    private static void Icon(Svg svg, Chance chance, Look look, Node node, Box cell)
    {
        var side = Math.Max(8, Math.Min(cell.Width, cell.Height - node.Size) * 0.7);
        var box = new Box(cell.CentreX - side / 2, cell.Y, side, side);
        svg.Rectangle(box, Look.Hue(chance), round: side * chance.Pick([0.0, 0.1, 0.5]));
        var inner = box.Inside(side * 0.25);
        switch (chance.Count(0, 3))
        {
            case 0:
                svg.Circle(inner.CentreX, inner.CentreY, inner.Width / 2, "none", "#ffffff", 2.5);
                break;
            case 1:
                svg.Rectangle(inner, "none", "#ffffff", 2.5);
                svg.Line(inner.X, inner.CentreY, inner.Right, inner.CentreY, "#ffffff", 2.5);
                break;
            case 2:
                svg.Text(box.CentreX, box.CentreY + side * 0.2, side * 0.55, chance.Pick(["λ", "S3", "DB", "Q", "API", "K", "{ }", "#"]), "#ffffff", "DejaVu Sans", "middle", bold: true);
                break;
            default:
                svg.Polygon([(inner.CentreX, inner.Y), (inner.Right, inner.CentreY), (inner.CentreX, inner.Bottom), (inner.X, inner.CentreY)], "#ffffff");
                break;
        }
        svg.Text(cell.CentreX, box.Bottom + node.Size, node.Size * 0.85, Words.Part(chance), look.Ink, look.Font, "middle");
    }

    private static void Join(Svg svg, Node node, Box from, Box to, bool down, bool elbow, string dash)
    {
        var (x1, y1) = down ? (from.CentreX, from.Bottom) : (from.Right, from.CentreY);
        var (x2, y2) = down ? (to.CentreX, to.Y) : (to.X, to.CentreY);
        if (!elbow)
        {
            svg.Arrow(x1, y1, x2, y2, node.Edge, node.Line, 5 + node.Line * 2.5, dash, node.Open);
            return;
        }
        var (turnX, turnY) = down ? (x2, (y1 + y2) / 2) : ((x1 + x2) / 2, y2);
        svg.Polyline(down ? [(x1, y1), (x1, turnY), (turnX, turnY)] : [(x1, y1), (turnX, y1), (turnX, turnY)], node.Edge, node.Line, dash);
        svg.Arrow(turnX, turnY, x2, y2, node.Edge, node.Line, 5 + node.Line * 2.5, dash, node.Open);
    }
}
