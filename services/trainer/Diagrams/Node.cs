using Assay.Trainer.Drawing;

namespace Assay.Trainer.Diagrams;

/// <summary>The style that all boxes of one diagram share, and how each shape is drawn.</summary>
internal sealed class Node
{
    private readonly Look look;
    private readonly bool filled;
    private readonly bool varied;
    private readonly double round;
    private readonly bool shadow;

    public Node(Chance chance, Look look)
    {
        this.look = look;
        filled = chance.Odds(0.7);
        varied = chance.Odds(0.5);
        round = chance.Odds(0.5) ? chance.Range(3, 14) : 0;
        shadow = chance.Odds(0.12);
        Line = chance.Range(0.8, 2.6);
        Size = chance.Range(9, 17);
        Edge = chance.Odds(0.75) ? look.Ink : Look.Hsl(chance.Range(0, 360), 60, 42);
        Open = chance.Odds(0.35);
    }

    /// <summary>The width of every line, pixels.</summary>
    public double Line { get; }

    /// <summary>The font size, pixels.</summary>
    public double Size { get; }

    /// <summary>The colour of borders and arrows.</summary>
    public string Edge { get; }

    /// <summary>Whether arrow heads are open.</summary>
    public bool Open { get; }

    public static readonly string[] Shapes = ["box", "box", "box", "round", "diamond", "cylinder", "ellipse", "slant", "hexagon", "cloud", "stack", "page"];

    public void Draw(Svg svg, Chance chance, Box box, string shape, string text, int colour = 0)
    {
        var fill = filled ? look[varied ? colour : 0] : look.Back;
        if (shadow)
            svg.Rectangle(new Box(box.X + 4, box.Y + 4, box.Width, box.Height), "#000000", round: round, opacity: 0.25);
        Outline(svg, box, shape, fill);
        var dark = IsDark(fill);
        var size = Math.Min(Size, box.Width * 1.7 / Math.Max(4, text.Length));
        svg.Text(box.CentreX, box.CentreY + size * (shape == "cylinder" ? 0.7 : 0.35), size, text, dark ? "#ffffff" : filled ? "#111111" : look.Ink, look.Font, "middle", bold: chance.Odds(0.15));
    }

    private void Outline(Svg svg, Box box, string shape, string fill)
    {
        switch (shape)
        {
            case "diamond":
                svg.Polygon([(box.CentreX, box.Y - 5), (box.Right + 5, box.CentreY), (box.CentreX, box.Bottom + 5), (box.X - 5, box.CentreY)], fill, Edge, Line);
                break;
            case "ellipse":
                svg.Ellipse(box.CentreX, box.CentreY, box.Width / 2, box.Height / 2, fill, Edge, Line);
                break;
            case "circle":
                svg.Circle(box.CentreX, box.CentreY, Math.Min(box.Width, box.Height) / 2, fill, Edge, Line);
                break;
            case "round":
                svg.Rectangle(box, fill, Edge, Line, box.Height / 2);
                break;
            case "slant":
                svg.Polygon([(box.X + 10, box.Y), (box.Right, box.Y), (box.Right - 10, box.Bottom), (box.X, box.Bottom)], fill, Edge, Line);
                break;
            case "hexagon":
                svg.Polygon([(box.X + 12, box.Y), (box.Right - 12, box.Y), (box.Right, box.CentreY), (box.Right - 12, box.Bottom), (box.X + 12, box.Bottom), (box.X, box.CentreY)], fill, Edge, Line);
                break;
            case "cylinder":
                var cap = box.Height * 0.14;
                svg.Path($"M {Svg.N(box.X)} {Svg.N(box.Y + cap)} V {Svg.N(box.Bottom - cap)} A {Svg.N(box.Width / 2)} {Svg.N(cap)} 0 0 0 {Svg.N(box.Right)} {Svg.N(box.Bottom - cap)} V {Svg.N(box.Y + cap)}", fill, Edge, Line);
                svg.Ellipse(box.CentreX, box.Y + cap, box.Width / 2, cap, fill, Edge, Line);
                break;
            case "cloud":
                Cloud(svg, box, fill);
                break;
            case "stack":
                for (var i = 2; i >= 0; i--)
                    svg.Rectangle(new Box(box.X + i * 4, box.Y - i * 4, box.Width, box.Height), fill, Edge, Line);
                break;
            case "page":
                svg.Polygon([(box.X, box.Y), (box.Right - 10, box.Y), (box.Right, box.Y + 10), (box.Right, box.Bottom), (box.X, box.Bottom)], fill, Edge, Line);
                svg.Polyline([(box.Right - 10, box.Y), (box.Right - 10, box.Y + 10), (box.Right, box.Y + 10)], Edge, Line);
                break;
            default:
                svg.Rectangle(box, fill, Edge, Line, round);
                break;
        }
    }

    private void Cloud(Svg svg, Box box, string fill)
    {
        var radius = box.Height * 0.35;
        (double X, double Y)[] puffs = [(box.X + radius, box.CentreY + 4), (box.CentreX - radius * 0.6, box.Y + radius), (box.CentreX + radius * 0.9, box.Y + radius * 1.1), (box.Right - radius, box.CentreY + 5), (box.CentreX, box.Bottom - radius)];
        foreach (var (x, y) in puffs)
            svg.Circle(x, y, radius, fill, Edge, Line * 2);
        foreach (var (x, y) in puffs)
            svg.Circle(x, y, radius, fill);
    }

    private static bool IsDark(string colour) =>
        colour.Length == 7 && Convert.FromHexString(colour[1..]) is var rgb && rgb[0] * 0.3 + rgb[1] * 0.59 + rgb[2] * 0.11 < 120;
}
