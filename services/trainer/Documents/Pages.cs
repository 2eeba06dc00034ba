using Assay.Trainer.Charts;
using Assay.Trainer.Drawing;

namespace Assay.Trainer.Documents;

/// <summary>Running text: articles, letters, books, lists, code, notes by hand.</summary>
internal static class Pages
{
    public static Svg Article(Chance chance, Album album)
    {
        var sheet = new Sheet(chance);
        if (chance.Odds(0.6))
            sheet.Heading(chance.Range(1.5, 2.6), chance.Pick(["start", "middle"]), chance.Odds(0.3));
        while (!sheet.IsFull)
        {
            switch (chance.Count(0, 14))
            {
                case 0 or 1 or 2:
                    sheet.Heading(chance.Range(1.15, 1.5));
                    break;
                case 3:
                    sheet.Bullets(chance.Count(2, 5));
                    break;
                case 4:
                    sheet.Table(chance.Count(3, 5), chance.Count(3, 8));
                    break;
                case 5:
                    sheet.Formula();
                    break;
                case 6 when sheet.Rest.Height > sheet.Body.Height * 0.4:
                    Illustration(sheet, chance, album);
                    break;
                default:
                    sheet.Paragraph(chance.Count(3, 12));
                    break;
            }
        }
        sheet.Foot();
        return sheet.Svg;
    }

    /// <summary>Two or three columns, as in papers and newspapers.</summary>
    public static Svg Columns(Chance chance, Album album)
    {
        var sheet = new Sheet(chance);
        sheet.Heading(chance.Range(1.8, 4), "middle", chance.Odds(0.4));
        if (chance.Odds(0.6))
            sheet.Paragraph(chance.Count(2, 5), sheet.Size * 4);
        var columns = chance.Count(2, 3);
        var size = sheet.Size * 0.85;
        for (var c = 0; c < columns; c++)
        {
            var column = sheet.Rest.Cell(c, 0, columns, 1, sheet.Size * 1.6);
            var y = column.Y;
            while (y < column.Bottom - size * 3)
            {
                if (chance.Odds(0.12) && column.Bottom - y > column.Width)
                {
                    album.Place(sheet.Svg, chance, new Box(column.X, y + size, column.Width, column.Width * 0.6));
                    y += column.Width * 0.6 + size * 2;
                }
                if (chance.Odds(0.35))
                    sheet.Svg.Text(column.X, y += size * 1.8, size * 1.2, Words.Sentence(chance, 3), sheet.Accent, sheet.Font, bold: true);
                foreach (var line in Words.Lines(chance, chance.Count(5, 18), (int)(column.Width / size / 0.47)))
                {
                    if (y < column.Bottom)
                        sheet.Svg.Text(column.X, y += size * 1.3, size, line, sheet.Ink, sheet.Font);
                }
                y += size * 0.5;
            }
        }
        sheet.Foot();
        return sheet.Svg;
    }

    public static Svg Letter(Chance chance, Album album)
    {
        var sheet = new Sheet(chance);
        if (chance.Odds(0.5))
            sheet.Svg.Rectangle(new Box(sheet.Body.X, sheet.Body.Y, sheet.Size * 5, sheet.Size * 3), sheet.Accent, round: 3);
        for (var i = 0; i < 4; i++)
            sheet.Svg.Text(sheet.Body.Right, sheet.Body.Y + sheet.Size * (1 + i * 1.3), sheet.Size, i == 3 ? $"{chance.Count(1, 28)}.{chance.Count(1, 12)}.2024" : Words.Part(chance), sheet.Ink, sheet.Font, "end");
        sheet.Skip(8);
        for (var i = 0; i < 3; i++)
            sheet.Svg.Text(sheet.Body.X, sheet.Rest.Y + sheet.Size * (i * 1.35), sheet.Size, Words.Part(chance), sheet.Ink, sheet.Font);
        sheet.Skip(7);
        sheet.Heading(1.1);
        foreach (var i in chance.Times(2, 4))
            sheet.Paragraph(chance.Count(3, 7));
        sheet.Skip(2);
        sheet.Svg.Text(sheet.Body.X, sheet.Rest.Y, sheet.Size * 2.2, Words.Part(chance), "#223388", "Dancing Script");
        return sheet.Svg;
    }

    /// <summary>A monospaced page: a listing, a typewritten sheet.</summary>
    public static Svg Typescript(Chance chance, Album album)
    {
        var sheet = new Sheet(chance, chance.Pick([0.707, 0.77, 1]));
        var (size, y) = (sheet.Size * 0.95, sheet.Body.Y);
        while (y < sheet.Body.Bottom)
        {
            y += size * 1.4;
            if (chance.Odds(0.88))
                sheet.Svg.Text(sheet.Body.X + size * 2 * chance.Count(0, 2), y, size, Words.Sentence(chance, chance.Count(3, 9)), sheet.Ink, "DejaVu Sans Mono");
        }
        return sheet.Svg;
    }

    public static Svg Handwriting(Chance chance, Album album)
    {
        var sheet = new Sheet(chance, chance.Pick([0.707, 0.8, 1.2]));
        var (size, ink, font) = (sheet.Size * chance.Range(1.7, 2.6), chance.Pick(["#1a237e", "#222222", "#283593"]), chance.Pick(Look.HandFonts));
        var (ruled, y) = (chance.Odds(0.6), sheet.Body.Y);
        while (y < sheet.Body.Bottom)
        {
            y += size * 1.35;
            if (ruled)
                sheet.Svg.Line(0, y + 3, sheet.Svg.Width, y + 3, "#a8c4e0", 0.8);
            if (chance.Odds(0.9))
                sheet.Svg.Text(sheet.Body.X + chance.Range(-4, 8), y, size, Words.Lines(chance, 2, (int)(sheet.Body.Width / size / 0.5)).First(), ink, font, turn: chance.Range(-0.6, 0.6));
        }
        if (ruled && chance.Odds(0.5))
            sheet.Svg.Line(sheet.Body.X - 12, 0, sheet.Body.X - 12, sheet.Svg.Height, "#e08080", 1);
        return sheet.Svg;
    }

    private static void Illustration(Sheet sheet, Chance chance, Album album)
    {
        var box = sheet.Leave(sheet.Body.Height * chance.Range(0.15, 0.28)).Inside(sheet.Body.Width * 0.15, 0, sheet.Body.Width * 0.15, 0);
        if (chance.Odds(0.5))
            album.Place(sheet.Svg, chance, box);
        else
            chance.Pick(ChartPages.All).Draw(sheet.Svg, chance, box, new Look("#ffffff", "#ffffff", "#000000", "#cccccc", sheet.Font, ["#1f77b4", "#ff7f0e", "#2ca02c"]));
        sheet.Svg.Text(sheet.Body.CentreX, sheet.Rest.Y, sheet.Size * 0.9, $"Figure {chance.Count(1, 9)}. {Words.Sentence(chance, 8)}", sheet.Ink, sheet.Font, "middle");
        sheet.Skip(1.5);
    }
}
