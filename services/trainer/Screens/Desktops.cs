using Assay.Trainer.Charts;
using Assay.Trainer.Drawing;

namespace Assay.Trainer.Screens;

/// <summary>Windows of desktop programs.</summary>
internal static class Desktops
{
    /// <summary>A program with menus, tools, a side bar and a list; sometimes on a desktop with a task bar.</summary>
    public static Svg FileManager(Chance chance, Album album)
    {
        var (theme, window) = Window(chance, album, 1.5);
        var rest = theme.TitleBar(window, Words.Part(chance));
        rest = chance.Odds(0.5) ? theme.MenuBar(rest) : rest;
        rest = theme.ToolBar(rest);
        rest = theme.SideBar(rest, rest.Width * chance.Range(0.18, 0.3));
        if (chance.Odds(0.6))
            List(theme, chance, rest);
        else
            Grid(theme, chance, album, rest);
        return theme.Svg;
    }

    public static Svg Editor(Chance chance, Album album)
    {
        var (theme, window) = Window(chance, album, 1.5);
        var rest = theme.MenuBar(theme.TitleBar(window, $"{Words.Part(chance)}.cs"));
        if (chance.Odds(0.7))
            rest = theme.SideBar(rest, rest.Width * 0.22);
        Code(theme, chance, chance.Odds(0.5) ? rest.Inside(0, 0, 0, rest.Height * 0.28) : rest);
        return theme.Svg;
    }

    public static Svg Terminal(Chance chance, Album album)
    {
        var (theme, window) = Window(chance, album, 1.5);
        var rest = chance.Odds(0.8) ? theme.TitleBar(window, "Terminal") : window;
        theme.Svg.Rectangle(rest, chance.Pick(["#000000", "#0c0c0c", "#300a24", "#1e1e1e", "#012456", "#ffffff"]) is var back ? back : "");
        var (ink, size, y) = (back == "#ffffff" ? "#111111" : "#d8d8d8", theme.Size, rest.Y + 4);
        while (y < rest.Bottom - size && chance.Odds(0.975))
        {
            y += size * 1.3;
            if (chance.Odds(0.2))
                theme.Svg.Text(rest.X + 6, y, size, $"user@host:~$ {Words.Action(chance).ToLowerInvariant()} --{Words.Noun(chance).ToLowerInvariant()}", "#4ec04e", "DejaVu Sans Mono");
            else
                theme.Svg.Text(rest.X + 6, y, size, Words.Sentence(chance, chance.Count(2, 10)), chance.Odds(0.1) ? "#e06c60" : ink, "DejaVu Sans Mono");
        }
        return theme.Svg;
    }

    public static Svg Spreadsheet(Chance chance, Album album)
    {
        var (theme, window) = Window(chance, album, 1.5);
        var rest = theme.ToolBar(theme.MenuBar(theme.TitleBar(window, "Book1")));
        var (step, width) = (theme.Size * 1.7, theme.Size * chance.Range(5.5, 8));
        var filled = chance.Count(4, 30);
        for (var row = 0; rest.Y + row * step < rest.Bottom; row++)
        {
            for (var column = 0; rest.X + column * width < rest.Right; column++)
            {
                var cell = new Box(rest.X + column * width, rest.Y + row * step, Math.Min(width, rest.Right - rest.X - column * width), step);
                var head = row == 0 || column == 0;
                theme.Svg.Rectangle(cell, head ? theme.Raised : chance.Odds(0.02) ? Look.Tint(chance) : theme.Back, theme.Faint, 0.8);
                if (row == 0 && column > 0)
                    theme.Label(cell.CentreX, cell.Y + step * 0.7, $"{(char)('A' + (column - 1) % 26)}", anchor: "middle");
                else if (column == 0 && row > 0)
                    theme.Label(cell.CentreX, cell.Y + step * 0.7, $"{row}", anchor: "middle");
                else if (!head && row < filled && column < 8 && chance.Odds(0.85))
                    theme.Label(column == 1 ? cell.X + 3 : cell.Right - 3, cell.Y + step * 0.7, column == 1 ? Words.Noun(chance) : Words.Amount(chance), anchor: column == 1 ? "start" : "end", scale: 0.9);
            }
        }
        return theme.Svg;
    }

    /// <summary>A dialogue box with labels, inputs, check boxes and buttons, mostly alone.</summary>
    public static Svg Dialogue(Chance chance, Album album)
    {
        var width = chance.Count(320, 640);
        var svg = new Svg(width, (int)(width / chance.Range(0.8, 1.8)));
        var theme = new Theme(chance, svg);
        svg.Fill(theme.Back);
        var rest = theme.TitleBar(svg.Whole, Words.Part(chance)).Inside(theme.Size * 1.5);
        var (y, step) = (rest.Y, theme.Size * 2.6);
        if (chance.Odds(0.4))
        {
            theme.Label(chance.Odds(0.5) ? rest.CentreX : rest.X, y += theme.Size * 1.6, Words.Part(chance), scale: 1.7, anchor: chance.Odds(0.5) ? "middle" : "start");
            svg.Line(rest.X, y += theme.Size, rest.Right, y, theme.Accent, 1.5);
            y += theme.Size;
        }
        while (y + step * 2 < rest.Bottom)
        {
            switch (chance.Count(0, 3))
            {
                case 0:
                    theme.Check(rest.X, y + theme.Size * 0.5, Words.Sentence(chance, chance.Count(2, 5)));
                    break;
                case 1:
                    theme.Label(rest.X, y + theme.Size * 1.2, Words.Sentence(chance, chance.Count(4, 9)));
                    break;
                default:
                    theme.Label(rest.X, y + theme.Size * 1.4, $"{Words.Noun(chance)}:");
                    theme.Input(new Box(rest.X + rest.Width * 0.36, y, rest.Width * 0.6, theme.Size * 2), chance.Odds(0.7) ? Words.Part(chance) : "");
                    break;
            }
            y += step;
        }
        foreach (var i in chance.Times(1, 3))
            theme.Button(new Box(rest.Right - (i + 1) * theme.Size * 7.5, rest.Bottom - theme.Size * 1.6, theme.Size * 7, theme.Size * 2.2), Words.Action(chance), primary: i == 1);
        return svg;
    }

    /// <summary>A program that shows one picture: with tools or a player's controls, perhaps a strip of small ones or a panel beside it.</summary>
    public static Svg Viewer(Chance chance, Album album)
    {
        var (theme, window) = Window(chance, album, 1.4);
        var rest = theme.TitleBar(window, $"{Words.Noun(chance)}.{chance.Pick(["jpg", "png", "mp4"])}");
        rest = chance.Odds(0.4) ? theme.MenuBar(rest) : rest;
        rest = chance.Odds(0.5) ? theme.ToolBar(rest) : rest;
        if (chance.Odds(0.3))
            rest = theme.SideBar(rest, rest.Width * chance.Range(0.15, 0.25));
        var controls = new Box(rest.X, rest.Bottom - theme.Size * 2.4, rest.Width, theme.Size * 2.4);
        var stage = chance.Odds(0.8) ? rest.Inside(0, 0, 0, controls.Height) : rest;
        theme.Svg.Rectangle(stage, chance.Pick(["#000000", "#2b2b2b", theme.Back, theme.Back]));
        var (across, down) = chance.Odds(0.35) ? (0, 0) : (stage.Width * chance.Range(0, 0.2), stage.Height * chance.Range(0, 0.15));
        album.Place(theme.Svg, chance, stage.Inside(across, down, across, down));
        if (stage == rest)
            return theme.Svg;
        theme.Svg.Rectangle(controls, theme.Raised);
        if (chance.Odds(0.5))
        {
            theme.Label(controls.X + 8, controls.CentreY + theme.Size * 0.35, $"{chance.Count(300, 4000)} × {chance.Count(300, 4000)}");
            theme.Label(controls.Right - 8, controls.CentreY + theme.Size * 0.35, $"{chance.Count(10, 200)} %", anchor: "end");
            return theme.Svg;
        }
        var (from, to) = (controls.X + theme.Size * 6, controls.Right - theme.Size * 6);
        var played = from + (to - from) * chance.Range(0, 1);
        theme.Svg.Polygon([(controls.X + 10, controls.CentreY - 7), (controls.X + 22, controls.CentreY), (controls.X + 10, controls.CentreY + 7)], theme.Ink);
        theme.Svg.Line(from, controls.CentreY, to, controls.CentreY, theme.Faint, 4);
        theme.Svg.Line(from, controls.CentreY, played, controls.CentreY, theme.Accent, 4);
        theme.Svg.Circle(played, controls.CentreY, 6, theme.Accent);
        theme.Label(controls.Right - 8, controls.CentreY + theme.Size * 0.35, $"{chance.Count(0, 59)}:{chance.Count(0, 59):00}", anchor: "end");
        return theme.Svg;
    }

    private static (Theme Theme, Box Window) Window(Chance chance, Album album, double aspect)
    {
        var width = chance.Count(560, 1200);
        var svg = new Svg(width, (int)(width / aspect / chance.Range(0.8, 1.25)));
        var theme = new Theme(chance, svg);
        svg.Fill(theme.Back);
        if (chance.Odds(0.65))
            return (theme, svg.Whole);
        // On a desktop: a wallpaper, icons, a task bar.
        if (chance.Odds(0.4))
            album.Place(svg, chance, svg.Whole);
        else
            svg.Fill(svg.Gradient(Look.Hsl(chance.Range(180, 280), 60, 30), Look.Hsl(chance.Range(160, 330), 60, 55)));
        var bar = new Box(0, svg.Height - 34, svg.Width, 34);
        svg.Rectangle(bar, theme.Dark ? "#101010" : "#e8e8ec");
        foreach (var i in chance.Times(3, 9))
            theme.Icon(new Box(10 + i * 36, bar.Y + 7, 20, 20));
        svg.Text(bar.Right - 10, bar.CentreY + 4, 11, $"{chance.Count(0, 23)}:{chance.Count(0, 59):00}", theme.Ink, theme.Font, "end");
        foreach (var i in chance.Times(0, 6))
        {
            theme.Icon(new Box(22, 18 + i * 72, 34, 34));
            svg.Text(39, 66 + i * 72, 10, Words.Action(chance), "#ffffff", theme.Font, "middle");
        }
        return (theme, new Box(svg.Width * chance.Range(0.1, 0.2), svg.Height * chance.Range(0.05, 0.12), svg.Width * chance.Range(0.6, 0.78), svg.Height * chance.Range(0.65, 0.78)));
    }

    internal static void List(Theme theme, Chance chance, Box box)
    {
        var step = theme.Size * chance.Range(1.8, 2.8);
        var columns = chance.Count(2, 5);
        for (var row = 0; box.Y + (row + 1) * step < box.Bottom; row++)
        {
            var line = new Box(box.X, box.Y + row * step, box.Width, step);
            theme.Svg.Rectangle(line, row == 3 ? theme.Accent : row % 2 == 1 ? theme.Raised : theme.Back, opacity: row == 3 ? 0.4 : 1);
            if (row > 0)
                theme.Icon(new Box(line.X + 8, line.Y + step * 0.2, step * 0.6, step * 0.6));
            for (var c = 0; c < columns; c++)
                theme.Label(line.X + (c == 0 ? step * 1.2 : line.Width * (0.35 + c * 0.6 / columns)), line.Y + step * 0.68, row == 0 ? Words.Noun(chance) : c == 0 ? Words.Part(chance) : Words.Amount(chance), bold: row == 0);
        }
    }

    internal static void Grid(Theme theme, Chance chance, Album album, Box box)
    {
        var side = chance.Range(60, 130);
        var pictures = chance.Odds(0.6);
        for (var y = box.Y + 12; y + side < box.Bottom; y += side * 1.35)
        {
            for (var x = box.X + 12; x + side < box.Right; x += side * 1.15)
            {
                if (pictures)
                    album.Place(theme.Svg, chance, new Box(x, y, side, side));
                else
                    theme.Icon(new Box(x + side * 0.2, y, side * 0.6, side * 0.6));
                theme.Label(x + side / 2, y + side * 1.17, Words.Noun(chance), anchor: "middle", scale: 0.9);
            }
        }
    }

    private static void Code(Theme theme, Chance chance, Box box)
    {
        theme.Svg.Rectangle(box, theme.Dark ? "#1e1e1e" : "#ffffff");
        string[] colours = theme.Dark ? ["#569cd6", "#9cdcfe", "#ce9178", "#d4d4d4", "#6a9955"] : ["#0000ff", "#001080", "#a31515", "#222222", "#008000"];
        var (size, indent, line) = (theme.Size * 0.95, 0, 0);
        for (var y = box.Y + size * 1.6; y < box.Bottom; y += size * 1.35)
        {
            theme.Svg.Text(box.X + size * 2.4, y, size * 0.9, $"{++line}", "#888888", "DejaVu Sans Mono", "end");
            indent = Math.Clamp(indent + chance.Count(-1, 1), 0, 5);
            var x = box.X + size * (3.4 + indent * 2.2);
            foreach (var _ in chance.Times(0, 5))
            {
                if (x > box.Right - size * 8)
                    break;
                var text = chance.Odds(0.5) ? Words.Noun(chance).ToLowerInvariant() : Words.ShortPart(chance) + chance.Pick(["(", ")", ";", " =", "."]);
                theme.Svg.Text(x, y, size, text, chance.Pick(colours), "DejaVu Sans Mono");
                x += size * 0.62 * (text.Length + 1);
            }
        }
    }

    /// <summary>Tiles with numbers and small charts.</summary>
    public static Svg Dashboard(Chance chance, Album album)
    {
        var (theme, window) = Window(chance, album, 1.6);
        var rest = chance.Odds(0.7) ? theme.TitleBar(window, $"{Words.Noun(chance)} dashboard") : window;
        rest = chance.Odds(0.6) ? theme.SideBar(rest, rest.Width * 0.16) : rest;
        rest = theme.ToolBar(rest).Inside(10);
        var look = new Look(theme.Back, theme.Back, theme.Ink, theme.Faint, theme.Font, [theme.Accent, "#f2994a", "#27ae60", "#eb5757"]);
        var (columns, rows) = (chance.Count(2, 4), chance.Count(2, 3));
        for (var i = 0; i < columns * rows; i++)
        {
            var tile = rest.Cell(i % columns, i / columns, columns, rows, 10);
            theme.Svg.Rectangle(tile, theme.Back, theme.Faint, 1, theme.Round);
            theme.Label(tile.X + 8, tile.Y + theme.Size * 1.5, Words.Title(chance), bold: true, scale: 0.9);
            if (i < columns && chance.Odds(0.5))
                theme.Label(tile.CentreX, tile.CentreY + theme.Size, Words.Amount(chance), theme.Accent, 2.6, bold: true, anchor: "middle");
            else
                chance.Pick(ChartPages.All).Draw(theme.Svg, chance, tile.Inside(4, theme.Size * 2, 4, 4), look);
        }
        return theme.Svg;
    }
}
