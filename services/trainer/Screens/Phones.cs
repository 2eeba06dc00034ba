using Assay.Trainer.Drawing;

namespace Assay.Trainer.Screens;

/// <summary>Screens of a phone, upright.</summary>
internal static class Phones
{
    public static Svg List(Chance chance, Album album)
    {
        var (theme, rest) = Phone(chance);
        var (step, pictures) = (chance.Range(42, 76), chance.Odds(0.4));
        for (var y = rest.Y; y + step * 0.6 < rest.Bottom; y += step)
        {
            if (pictures)
                album.Place(theme.Svg, chance, new Box(10, y + 6, step - 12, step - 12));
            else if (chance.Odds(0.7))
                theme.Svg.Circle(10 + step * 0.4, y + step / 2, step * 0.32, Look.Hue(chance));
            else
                theme.Icon(new Box(14, y + step * 0.25, step * 0.5, step * 0.5));
            theme.Label(step + 12, y + step * 0.42, Words.Part(chance), bold: chance.Odds(0.5), scale: 1.1);
            theme.Label(step + 12, y + step * 0.74, Words.Sentence(chance, 3), "#888888", 0.9);
            theme.Svg.Line(step + 12, y + step, rest.Right, y + step, theme.Faint, 0.7);
        }
        Bottom(theme, chance, rest);
        return theme.Svg;
    }

    public static Svg Chat(Chance chance, Album album)
    {
        var (theme, rest) = Phone(chance);
        var y = rest.Y + 10;
        while (y < rest.Bottom - 90)
        {
            var (own, lines) = (chance.Odds(0.5), chance.Count(1, 4));
            var width = rest.Width * chance.Range(0.4, 0.72);
            var height = chance.Odds(0.12) ? 110 : theme.Size * 1.45 * lines + 16;
            var bubble = new Box(own ? rest.Right - width - 10 : 10, y, width, height);
            theme.Svg.Rectangle(bubble, own ? theme.Accent : theme.Raised, round: 12);
            if (height == 110)
                album.Place(theme.Svg, chance, bubble.Inside(5));
            else
            {
                foreach (var (line, i) in Words.Lines(chance, lines, (int)(width / theme.Size / 0.62)).Select((line, i) => (line, i)))
                    theme.Label(bubble.X + 10, bubble.Y + theme.Size * 1.45 * (i + 1), line, own ? "#ffffff" : theme.Ink);
            }
            y += height + chance.Range(6, 20);
        }
        theme.Input(new Box(10, rest.Bottom - 44, rest.Width - 64, 34), "Message");
        theme.Svg.Circle(rest.Right - 27, rest.Bottom - 27, 17, theme.Accent);
        return theme.Svg;
    }

    public static Svg Settings(Chance chance, Album album)
    {
        var (theme, rest) = Phone(chance);
        for (var y = rest.Y + 10; y + 50 < rest.Bottom; y += 50)
        {
            if (chance.Odds(0.15))
            {
                theme.Label(16, y + 30, Words.Noun(chance), theme.Accent, bold: true);
                continue;
            }
            theme.Icon(new Box(16, y + 14, 20, 20));
            theme.Label(52, y + 30, Words.Sentence(chance, chance.Count(1, 3)), scale: 1.1);
            var on = chance.Odds(0.5);
            if (chance.Odds(0.6))
            {
                theme.Svg.Rectangle(new Box(rest.Right - 50, y + 15, 36, 20), on ? theme.Accent : theme.Faint, round: 10);
                theme.Svg.Circle(rest.Right - (on ? 24 : 40), y + 25, 8, "#ffffff");
            }
        }
        return theme.Svg;
    }

    public static Svg Gallery(Chance chance, Album album)
    {
        var (theme, rest) = Phone(chance);
        var columns = chance.Count(2, 4);
        var side = rest.Width / columns;
        for (var row = 0; rest.Y + row * side < rest.Bottom - 20; row++)
        {
            for (var column = 0; column < columns; column++)
                album.Place(theme.Svg, chance, new Box(rest.X + column * side + 1.5, rest.Y + row * side + 1.5, side - 3, side - 3));
        }
        Bottom(theme, chance, rest);
        return theme.Svg;
    }

    private static (Theme Theme, Box Screen) Phone(Chance chance)
    {
        var width = chance.Count(300, 420);
        var svg = new Svg(width, (int)(width * chance.Range(1.6, 2.2)));
        var theme = new Theme(chance, svg);
        svg.Fill(theme.Back);
        var coloured = chance.Odds(0.55);
        var ink = coloured || theme.Dark ? "#ffffff" : "#222222";
        svg.Rectangle(new Box(0, 0, width, 76), coloured ? theme.Accent : theme.Raised);
        svg.Text(10, 16, 11, $"{chance.Count(0, 23)}:{chance.Count(0, 59):00}", ink, theme.Font);
        svg.Rectangle(new Box(width - 30, 7, 20, 9), "none", ink, 1.2, 2);
        svg.Polygon([(width - 48, 16), (width - 38, 16), (width - 38, 6)], ink);
        svg.Polyline([(24, 40), (15, 49), (24, 58)], ink, 2.2);
        svg.Text(46, 55, 17, Words.Action(chance), ink, theme.Font, bold: true);
        for (var i = 0; i < 3; i++)
            svg.Circle(width - 18, 43 + i * 6, 1.8, ink);
        return (theme, new Box(0, 76, width, svg.Height - 76));
    }

    private static void Bottom(Theme theme, Chance chance, Box rest)
    {
        if (chance.Odds(0.4))
            theme.Svg.Circle(rest.Right - 42, rest.Bottom - 92, 26, theme.Accent);
        if (chance.Odds(0.4))
            return;
        var bar = new Box(rest.X, rest.Bottom - 54, rest.Width, 54);
        theme.Svg.Rectangle(bar, theme.Raised, theme.Faint);
        for (var i = 0; i < 4; i++)
        {
            var cell = bar.Cell(i, 0, 4, 1);
            theme.Icon(new Box(cell.CentreX - 10, cell.Y + 8, 20, 20));
            theme.Label(cell.CentreX, cell.Bottom - 10, Words.Action(chance), anchor: "middle", scale: 0.8);
        }
    }
}
