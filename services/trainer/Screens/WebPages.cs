using Assay.Trainer.Drawing;

namespace Assay.Trainer.Screens;

/// <summary>Pages in a browser, with or without the browser around them.</summary>
internal static class WebPages
{
    /// <summary>A header, a large picture or title, cards in columns.</summary>
    public static Svg Home(Chance chance, Album album)
    {
        var (theme, rest) = Browser(chance);
        rest = Header(theme, chance, rest);
        var hero = new Box(rest.X, rest.Y, rest.Width, rest.Height * chance.Range(0.2, 0.4));
        if (chance.Odds(0.6))
            album.Place(theme.Svg, chance, hero);
        else
            theme.Svg.Rectangle(hero, theme.Accent);
        theme.Label(hero.CentreX, hero.CentreY, Words.Sentence(chance, 4), "#ffffff", 2.4, bold: true, anchor: "middle");
        theme.Button(new Box(hero.CentreX - 55, hero.CentreY + theme.Size * 2, 110, theme.Size * 2.6), Words.Action(chance), primary: true);
        var columns = chance.Count(2, 4);
        for (var i = 0; i < columns * 2; i++)
            Card(theme, chance, album, rest.Inside(14, hero.Height + 14, 14, 14).Cell(i % columns, i / columns, columns, 2, 14));
        return theme.Svg;
    }

    public static Svg Article(Chance chance, Album album)
    {
        var (theme, rest) = Browser(chance);
        rest = Header(theme, chance, rest);
        if (chance.Odds(0.6))
            rest = theme.SideBar(rest, rest.Width * 0.2);
        var text = rest.Inside(rest.Width * 0.06, 10, rest.Width * chance.Range(0.06, 0.3), 4);
        theme.Label(text.X, text.Y + theme.Size * 2, Words.Sentence(chance, 5), scale: 1.9, bold: true);
        var y = text.Y + theme.Size * 3;
        while (y < text.Bottom - theme.Size * 2)
        {
            if (chance.Odds(0.2) && text.Bottom - y > 130)
            {
                album.Place(theme.Svg, chance, new Box(text.X, y + 6, text.Width * 0.7, 110));
                y += 124;
            }
            foreach (var line in Words.Lines(chance, chance.Count(2, 6), (int)(text.Width / theme.Size / 0.52)))
            {
                if (y < text.Bottom)
                    theme.Label(text.X, y += theme.Size * 1.5, line, chance.Odds(0.06) ? theme.Accent : null);
            }
            y += theme.Size;
        }
        return theme.Svg;
    }

    /// <summary>Folders, messages, the message that is open.</summary>
    public static Svg Mail(Chance chance, Album album)
    {
        var (theme, rest) = Browser(chance);
        rest = theme.SideBar(Header(theme, chance, rest), rest.Width * 0.17);
        var list = rest.Inside(0, 0, rest.Width * chance.Range(0.4, 0.65), 0);
        var step = theme.Size * 4.2;
        for (var y = list.Y; y + step < list.Bottom; y += step)
        {
            theme.Svg.Rectangle(new Box(list.X, y, list.Width, step), theme.Back, theme.Faint);
            theme.Svg.Circle(list.X + step * 0.5, y + step * 0.5, step * 0.3, Look.Hue(chance));
            theme.Label(list.X + step, y + step * 0.4, Words.Part(chance), bold: true);
            theme.Label(list.X + step, y + step * 0.75, Words.Sentence(chance, 4), "#888888", 0.9);
        }
        var open = rest.Inside(list.Width + 16, 10, 16, 8);
        var at = open.Y + theme.Size * 2;
        theme.Label(open.X, at, Words.Sentence(chance, 4), scale: 1.5, bold: true);
        foreach (var line in Words.Lines(chance, chance.Count(6, 18), (int)(open.Width / theme.Size / 0.54)))
            theme.Label(open.X, at += theme.Size * 1.6, line);
        return theme.Svg;
    }

    public static Svg Login(Chance chance, Album album)
    {
        var (theme, rest) = Browser(chance);
        if (chance.Odds(0.5))
            album.Place(theme.Svg, chance, rest);
        else
            theme.Svg.Rectangle(rest, chance.Odds(0.5) ? theme.Accent : theme.Raised);
        var (width, height) = (Math.Min(rest.Width * 0.8, 320), Math.Min(rest.Height * 0.85, theme.Size * 20));
        var box = new Box(rest.CentreX - width / 2, rest.CentreY - height / 2, width, height);
        theme.Svg.Rectangle(box, theme.Back, theme.Faint, 1, theme.Round);
        theme.Svg.Circle(box.CentreX, box.Y + height * 0.16, height * 0.08, theme.Accent);
        theme.Label(box.CentreX, box.Y + height * 0.36, chance.Pick(["Sign in", "Welcome back", "Register", "Log in"]), scale: 1.6, bold: true, anchor: "middle");
        theme.Input(new Box(box.X + 24, box.Y + height * 0.44, width - 48, theme.Size * 2.4), "Email");
        theme.Input(new Box(box.X + 24, box.Y + height * 0.6, width - 48, theme.Size * 2.4), "••••••••");
        theme.Button(new Box(box.X + 24, box.Y + height * 0.78, width - 48, theme.Size * 2.6), "Continue", primary: true);
        return theme.Svg;
    }

    /// <summary>A page full of settings, tables or form fields.</summary>
    public static Svg Administration(Chance chance, Album album)
    {
        var (theme, rest) = Browser(chance);
        rest = theme.SideBar(Header(theme, chance, rest), rest.Width * chance.Range(0.16, 0.26)).Inside(16, 12, 16, 8);
        theme.Label(rest.X, rest.Y + theme.Size * 1.6, Words.Part(chance), scale: 1.7);
        if (chance.Odds(0.5))
        {
            Desktops.List(theme, chance, rest.Inside(0, theme.Size * 3, 0, 0));
            return theme.Svg;
        }
        for (var y = rest.Y + theme.Size * 3.5; y + theme.Size * 4 < rest.Bottom; y += theme.Size * 4.4)
        {
            theme.Label(rest.X, y, Words.Sentence(chance, 3));
            if (chance.Odds(0.7))
                theme.Input(new Box(rest.X, y + 6, rest.Width * 0.6, theme.Size * 2.2), Words.Part(chance));
            else
                theme.Check(rest.X, y + 10, Words.Sentence(chance, 4));
        }
        return theme.Svg;
    }

    private static (Theme Theme, Box Page) Browser(Chance chance)
    {
        var width = chance.Count(560, 1200);
        var svg = new Svg(width, (int)(width / chance.Range(1.1, 2)));
        var theme = new Theme(chance, svg);
        svg.Fill(theme.Back);
        if (chance.Odds(0.4))
            return (theme, svg.Whole);
        var rest = theme.TitleBar(svg.Whole, Words.Part(chance));
        var bar = new Box(rest.X, rest.Y, rest.Width, theme.Size * 2.8);
        svg.Rectangle(bar, theme.Raised);
        for (var i = 0; i < 3; i++)
            theme.Icon(new Box(bar.X + 10 + i * 26, bar.Y + 8, 14, 14), "#888888");
        theme.Input(bar.Inside(96, 5, 60, 5), $"https://example.org/{Words.Noun(chance).ToLowerInvariant()}");
        return (theme, rest.Inside(0, bar.Height, 0, 0));
    }

    private static Box Header(Theme theme, Chance chance, Box box)
    {
        var bar = new Box(box.X, box.Y, box.Width, theme.Size * chance.Range(3, 4.5));
        var coloured = chance.Odds(0.5);
        theme.Svg.Rectangle(bar, coloured ? theme.Accent : theme.Back, coloured ? "none" : theme.Faint);
        theme.Svg.Circle(bar.X + bar.Height * 0.6, bar.CentreY, bar.Height * 0.28, coloured ? "#ffffff" : theme.Accent);
        foreach (var i in chance.Times(3, 6))
            theme.Label(bar.X + bar.Height * 1.4 + i * theme.Size * 6, bar.CentreY + theme.Size * 0.35, Words.Action(chance), coloured ? "#ffffff" : theme.Ink);
        theme.Svg.Circle(bar.Right - bar.Height * 0.6, bar.CentreY, bar.Height * 0.3, Look.Hue(chance));
        return box.Inside(0, bar.Height, 0, 0);
    }

    private static void Card(Theme theme, Chance chance, Album album, Box box)
    {
        theme.Svg.Rectangle(box, theme.Back, theme.Faint, 1, theme.Round);
        album.Place(theme.Svg, chance, new Box(box.X, box.Y, box.Width, box.Height * 0.5));
        theme.Label(box.X + 8, box.Y + box.Height * 0.5 + theme.Size * 1.7, Words.Part(chance), bold: true);
        var y = box.Y + box.Height * 0.5 + theme.Size * 2;
        foreach (var line in Words.Lines(chance, 3, (int)(box.Width / theme.Size / 0.58)))
        {
            if (y + theme.Size * 1.4 < box.Bottom)
                theme.Label(box.X + 8, y += theme.Size * 1.4, line, "#888888", 0.9);
        }
    }
}
