using Assay.Trainer.Drawing;

namespace Assay.Trainer.Documents;

/// <summary>A sheet of paper and what is written on it from the top down.</summary>
internal sealed class Sheet
{
    private readonly Chance chance;
    private double y;

    public Sheet(Chance chance, double aspect = 0.707)
    {
        this.chance = chance;
        var width = chance.Count(420, 760);
        Svg = new Svg(width, (int)(width / aspect));
        Font = chance.Odds(0.55) ? chance.Pick(["Liberation Serif", "DejaVu Serif", "EB Garamond", "Caladea", "Noto Serif", "C059", "Nimbus Roman"]) : chance.Pick(Look.Fonts);
        Ink = chance.Pick(["#000000", "#111111", "#222222", "#333344"]);
        Accent = chance.Odds(0.5) ? Ink : Look.Hsl(chance.Range(0, 360), 70, 32);
        Size = width / chance.Range(48, 78);
        Svg.Fill(chance.Pick(["#ffffff", "#ffffff", "#ffffff", "#fdfcf7", "#f8f4e8", "#f4f4f2"]));
        Body = Svg.Whole.Inside(width * chance.Range(0.07, 0.14), width * chance.Range(0.07, 0.14), width * chance.Range(0.07, 0.14), width * 0.09);
        y = Body.Y;
    }

    public Svg Svg { get; }

    public string Font { get; }

    public string Ink { get; }

    public string Accent { get; }

    /// <summary>The font size of the running text, pixels.</summary>
    public double Size { get; }

    /// <summary>The sheet without its margins.</summary>
    public Box Body { get; }

    /// <summary>What is not yet written on.</summary>
    public Box Rest => new(Body.X, y, Body.Width, Math.Max(1, Body.Bottom - y));

    public bool IsFull => y > Body.Bottom - Size * 5;

    public void Skip(double lines) => y += lines * Size;

    public void Heading(double scale, string anchor = "start", bool rule = false)
    {
        y += Size * scale;
        Svg.Text(anchor == "middle" ? Body.CentreX : Body.X, y, Size * scale, Words.Sentence(chance, chance.Count(2, scale > 1.6 ? 5 : 7)), Accent, Font, anchor, bold: chance.Odds(0.75));
        y += Size * 0.7;
        if (rule)
            Svg.Line(Body.X, y, Body.Right, y, Accent, 1);
        y += Size * 0.6;
    }

    public void Paragraph(int lines, double indent = 0)
    {
        var spacing = chance.Range(1.25, 1.5);
        var longest = (int)((Body.Width - indent) / Size / 0.47);
        foreach (var line in Words.Lines(chance, lines, longest))
        {
            if (y > Body.Bottom)
                return;
            y += Size * spacing;
            Svg.Text(Body.X + indent, y, Size, line, Ink, Font);
        }
        y += Size * 0.8;
    }

    public void Bullets(int count)
    {
        for (var i = 0; i < count && !IsFull; i++)
        {
            Svg.Circle(Body.X + Size, y + Size, Size * 0.2, Ink);
            Paragraph(chance.Count(1, 2), Size * 2);
            y -= Size * 0.5;
        }
        y += Size * 0.5;
    }

    public void Formula()
    {
        y += Size * 2.2;
        Svg.Text(Body.CentreX, y, Size * 1.25, chance.Pick(["E = m c² + ½ k x²", "f(x) = Σ aᵢ xⁱ + ε", "p(x | θ) ∝ exp(−β E(x))", "∇ × B = μ₀ J + ∂E/∂t", "n! / (k! (n − k)!)"]), Ink, "Liberation Serif", "middle", italic: true);
        Svg.Text(Body.Right, y, Size, $"({chance.Count(1, 30)})", Ink, Font, "end");
        y += Size * 1.6;
    }

    /// <summary>A table: a head, rows of words and amounts, with or without rules.</summary>
    public void Table(int columns, int rows)
    {
        var style = chance.Count(0, 2);
        var step = Size * chance.Range(1.5, 2.1);
        var widths = Enumerable.Range(0, columns).Select(i => i == 0 ? 2.2 : 1).ToArray();
        var top = y;
        if (chance.Odds(0.5))
            Svg.Rectangle(new Box(Body.X, y, Body.Width, step), chance.Pick(["#e8e8e8", "#d9e2f3", Look.Tint(chance)]));
        for (var row = 0; row <= rows && y < Body.Bottom - step; row++, y += step)
        {
            var x = Body.X;
            for (var column = 0; column < columns; column++)
            {
                var width = Body.Width * widths[column] / widths.Sum();
                var text = row == 0 ? Words.Noun(chance) : column == 0 ? Words.Part(chance) : Words.Amount(chance);
                Svg.Text(column == 0 ? x + 4 : x + width - 4, y + step * 0.7, Size * 0.95, text, Ink, Font, column == 0 ? "start" : "end", bold: row == 0);
                if (style == 2)
                    Svg.Rectangle(new Box(x, y, width, step), "none", "#888888", 0.8);
                x += width;
            }
            if (style == 1 || row == 0)
                Svg.Line(Body.X, y + step, Body.Right, y + step, row == 0 ? Ink : "#bbbbbb", 0.8);
        }
        if (style == 0)
            Svg.Line(Body.X, top, Body.Right, top, Ink, 1.2);
        y += Size;
    }

    /// <summary>Leaves so much space and gives it.</summary>
    public Box Leave(double height)
    {
        var box = new Box(Body.X, y, Body.Width, height);
        y += height + Size;
        return box;
    }

    public void Foot()
    {
        var text = chance.Pick([$"{chance.Count(1, 300)}", $"Page {chance.Count(1, 9)} of {chance.Count(9, 30)}", $"— {chance.Count(1, 99)} —"]);
        Svg.Text(Svg.Whole.CentreX, Svg.Height - Svg.Width * 0.04, Size * 0.9, text, Ink, Font, "middle");
    }
}
