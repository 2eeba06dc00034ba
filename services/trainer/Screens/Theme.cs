using Assay.Trainer.Drawing;

namespace Assay.Trainer.Screens;

/// <summary>The colours of one user interface and the controls that are drawn with them.</summary>
internal sealed class Theme
{
    private static readonly string[] Lights = ["#ff5f57", "#febc2e", "#28c840"];

    private readonly Chance chance;

    public Theme(Chance chance, Svg svg)
    {
        this.chance = chance;
        Svg = svg;
        Dark = chance.Odds(0.28);
        Accent = chance.Pick(["#0078d4", "#0082c9", "#1a73e8", "#107c10", "#e95420", "#6750a4", "#d32f2f", "#008272", Look.Hue(chance)]);
        (Back, Raised, Ink, Faint) = Dark
            ? (chance.Pick(["#1e1e1e", "#121212", "#202124", "#0d1117", "#2b2b2b"]), chance.Pick(["#2d2d30", "#252526", "#333333"]), "#e6e6e6", "#4a4a4a")
            : (chance.Pick(["#ffffff", "#ffffff", "#f0f0f0", "#fafafa"]), chance.Pick(["#f3f3f3", "#ececec", "#e8eaed", "#f6f8fa"]), chance.Pick(["#000000", "#222222", "#333333"]), "#d0d0d0");
        Font = chance.Pick(["Open Sans", "Roboto", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Cantarell", "Lato"]);
        Round = chance.Pick([0, 2, 4, 8]);
        Size = chance.Range(10, 14.5);
    }

    public Svg Svg { get; }

    public bool Dark { get; }

    public string Accent { get; }

    public string Back { get; }

    public string Raised { get; }

    public string Ink { get; }

    public string Faint { get; }

    public string Font { get; }

    public double Round { get; }

    public double Size { get; }

    public void Label(double x, double y, string text, string? colour = null, double scale = 1, bool bold = false, string anchor = "start") =>
        Svg.Text(x, y, Size * scale, text, colour ?? Ink, Font, anchor, bold);

    public void Button(Box box, string text, bool primary = false)
    {
        Svg.Rectangle(box, primary ? Accent : Raised, primary ? "none" : Faint, 1, Round);
        Label(box.CentreX, box.CentreY + Size * 0.35, text, primary ? "#ffffff" : Ink, anchor: "middle");
    }

    public void Input(Box box, string text)
    {
        Svg.Rectangle(box, Dark ? "#111111" : "#ffffff", chance.Odds(0.2) ? Accent : Faint, 1, Round);
        Label(box.X + 7, box.CentreY + Size * 0.35, text, Dark ? "#aaaaaa" : "#666666");
    }

    public void Check(double x, double y, string text)
    {
        var on = chance.Odds(0.5);
        Svg.Rectangle(new Box(x, y, Size, Size), on ? Accent : Back, Faint, 1, 2);
        if (on)
            Svg.Polyline([(x + 2, y + Size * 0.5), (x + Size * 0.42, y + Size * 0.8), (x + Size - 2, y + 2)], "#ffffff", 1.6);
        Label(x + Size * 1.6, y + Size * 0.9, text);
    }

    /// <summary>A small symbol: a folder, a sheet, a circle, a gear, three lines.</summary>
    public void Icon(Box box, string? colour = null)
    {
        var fill = colour ?? chance.Pick([Accent, "#f0b429", "#888888", Accent]);
        switch (chance.Count(0, 4))
        {
            case 0:
                Svg.Rectangle(new Box(box.X, box.Y + box.Height * 0.15, box.Width * 0.45, box.Height * 0.2), fill, round: 1);
                Svg.Rectangle(new Box(box.X, box.Y + box.Height * 0.25, box.Width, box.Height * 0.6), fill, round: 2);
                break;
            case 1:
                Svg.Rectangle(box.Inside(box.Width * 0.15, 0, box.Width * 0.15, 0), Dark ? "#cccccc" : "#ffffff", fill, 1.2);
                Svg.Line(box.X + box.Width * 0.3, box.CentreY, box.Right - box.Width * 0.3, box.CentreY, fill, 1.2);
                break;
            case 2:
                Svg.Circle(box.CentreX, box.CentreY, box.Width * 0.42, fill);
                break;
            case 3:
                Svg.Circle(box.CentreX, box.CentreY, box.Width * 0.35, "none", fill, box.Width * 0.14);
                break;
            default:
                for (var i = 1; i <= 3; i++)
                    Svg.Line(box.X, box.Y + box.Height * i / 4, box.Right, box.Y + box.Height * i / 4, fill, Math.Max(1, box.Height * 0.1));
                break;
        }
    }

    /// <summary>A window's title bar with its buttons; gives what is below.</summary>
    public Box TitleBar(Box window, string title)
    {
        var bar = new Box(window.X, window.Y, window.Width, Size * 2.4);
        var style = chance.Count(0, 2);
        Svg.Rectangle(window, Back, Dark ? "#555555" : "#888888", 1, style == 1 ? 8 : 0);
        Svg.Rectangle(bar, chance.Odds(0.3) ? Accent : Raised, round: style == 1 ? 8 : 0);
        Label(style == 1 ? bar.CentreX : bar.X + Size * 2.4, bar.CentreY + Size * 0.35, title, anchor: style == 1 ? "middle" : "start");
        if (style == 1)
        {
            for (var i = 0; i < Lights.Length; i++)
                Svg.Circle(bar.X + 14 + i * 18, bar.CentreY, 5.5, Lights[i]);
        }
        else
        {
            Icon(new Box(bar.X + 7, bar.Y + 6, Size * 1.2, Size * 1.2));
            var x = bar.Right - 16;
            Svg.Line(x - 4, bar.CentreY - 4, x + 4, bar.CentreY + 4, Ink, 1.2);
            Svg.Line(x - 4, bar.CentreY + 4, x + 4, bar.CentreY - 4, Ink, 1.2);
            Svg.Rectangle(new Box(x - 36, bar.CentreY - 4, 9, 9), "none", Ink, 1.2);
            Svg.Line(x - 64, bar.CentreY, x - 54, bar.CentreY, Ink, 1.2);
        }
        return window.Inside(1, bar.Height, 1, 1);
    }

    public Box MenuBar(Box box)
    {
        var bar = new Box(box.X, box.Y, box.Width, Size * 2);
        Svg.Rectangle(bar, Raised);
        var x = bar.X + 8;
        foreach (var _ in chance.Times(4, 8))
        {
            if (x > bar.Right - 60)
                break;
            var text = Words.Action(chance);
            Label(x, bar.CentreY + Size * 0.35, text);
            x += Size * (text.Length * 0.6 + 1.2);
        }
        return box.Inside(0, bar.Height, 0, 0);
    }

    public Box ToolBar(Box box)
    {
        var bar = new Box(box.X, box.Y, box.Width, Size * 2.8);
        Svg.Rectangle(bar, Raised, Faint);
        foreach (var i in chance.Times(5, 16))
            Icon(new Box(bar.X + 10 + i * Size * 2.3, bar.Y + Size * 0.7, Size * 1.4, Size * 1.4));
        return box.Inside(0, bar.Height, 0, 0);
    }

    /// <summary>A column of entries at the left; gives what is right of it.</summary>
    public Box SideBar(Box box, double width)
    {
        var bar = new Box(box.X, box.Y, width, box.Height);
        Svg.Rectangle(bar, Raised, Faint);
        var selected = chance.Count(0, 5);
        var step = Size * chance.Range(1.8, 2.6);
        var tree = chance.Odds(0.4);
        var entries = Math.Min(chance.Count(6, 20), (int)(bar.Height / step));
        for (var i = 0; i < entries; i++)
        {
            var row = new Box(bar.X, bar.Y + i * step, width, step);
            if (i == selected)
                Svg.Rectangle(row, Accent, opacity: 0.85);
            var indent = tree ? Size * chance.Count(0, 2) : 0;
            Icon(new Box(row.X + 7 + indent, row.Y + step * 0.2, step * 0.55, step * 0.55));
            Label(row.X + 10 + indent + step * 0.7, row.Y + step * 0.65, Words.Part(chance), i == selected ? "#ffffff" : Ink);
        }
        return box.Inside(width, 0, 0, 0);
    }
}
