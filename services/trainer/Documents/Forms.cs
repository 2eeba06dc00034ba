using Assay.Trainer.Drawing;

namespace Assay.Trainer.Documents;

/// <summary>Paper with fields: forms, invoices, receipts, certificates, tables.</summary>
internal static class Forms
{
    public static Svg Form(Chance chance, Album album)
    {
        var sheet = new Sheet(chance);
        sheet.Heading(chance.Range(1.4, 2), chance.Pick(["start", "middle"]), rule: true);
        while (!sheet.IsFull)
        {
            if (chance.Odds(0.15))
                sheet.Heading(1.2);
            if (chance.Odds(0.1))
                sheet.Paragraph(2);
            var columns = chance.Count(1, 3);
            var row = sheet.Leave(sheet.Size * chance.Range(2, 2.6));
            for (var c = 0; c < columns; c++)
                Field(sheet, chance, row.Cell(c, 0, columns, 1, sheet.Size));
        }
        return sheet.Svg;
    }

    public static Svg Invoice(Chance chance, Album album)
    {
        var sheet = new Sheet(chance);
        if (chance.Odds(0.6))
            sheet.Svg.Rectangle(new Box(sheet.Body.X, sheet.Body.Y, sheet.Size * 4, sheet.Size * 4), Look.Hue(chance), round: chance.Pick([0, 4, 40]));
        sheet.Svg.Text(sheet.Body.Right, sheet.Body.Y + sheet.Size * 2.5, sheet.Size * 2.2, chance.Pick(["INVOICE", "Invoice", "QUOTE", "ORDER", "STATEMENT", "Delivery note"]), sheet.Accent, sheet.Font, "end", bold: true);
        sheet.Skip(6);
        var top = sheet.Leave(sheet.Size * 8);
        for (var i = 0; i < 5; i++)
        {
            sheet.Svg.Text(top.X, top.Y + sheet.Size * (1 + i * 1.4), sheet.Size, i == 0 ? "Bill to:" : Words.Part(chance), sheet.Ink, sheet.Font, bold: i == 0);
            sheet.Svg.Text(top.X + top.Width * 0.62, top.Y + sheet.Size * (1 + i * 1.4), sheet.Size, $"{Words.Noun(chance)}:", sheet.Ink, sheet.Font);
            sheet.Svg.Text(top.Right, top.Y + sheet.Size * (1 + i * 1.4), sheet.Size, Words.Amount(chance), sheet.Ink, sheet.Font, "end");
        }
        sheet.Table(chance.Count(3, 5), chance.Count(4, 14));
        for (var i = 0; i < 3; i++)
        {
            sheet.Skip(1.5);
            sheet.Svg.Text(sheet.Body.Right - sheet.Size * 9, sheet.Rest.Y, sheet.Size, chance.Pick(["Subtotal", "VAT 19 %", "Total", "Discount"]), sheet.Ink, sheet.Font, bold: i == 2);
            sheet.Svg.Text(sheet.Body.Right, sheet.Rest.Y, sheet.Size, $"{chance.Count(10, 9999)}.{chance.Count(0, 99):00} €", sheet.Ink, sheet.Font, "end", bold: i == 2);
        }
        if (chance.Odds(0.6))
        {
            sheet.Skip(3);
            sheet.Paragraph(chance.Count(2, 4));
        }
        return sheet.Svg;
    }

    public static Svg Receipt(Chance chance, Album album)
    {
        var sheet = new Sheet(chance, chance.Range(0.32, 0.6));
        var size = sheet.Svg.Width / chance.Range(19, 28);
        var font = chance.Pick(["DejaVu Sans Mono", "Liberation Mono", "Inconsolata"]);
        var y = size * 2;
        void Centred(string text, double scale = 1) => sheet.Svg.Text(sheet.Svg.Whole.CentreX, y += size * 1.4 * scale, size * scale, text, sheet.Ink, font, "middle", bold: scale > 1);
        Centred(Words.Part(chance).ToUpperInvariant(), 1.5);
        Centred($"{Words.Group(chance)} Street {chance.Count(1, 200)}");
        Centred("--------------------------");
        while (y < sheet.Svg.Height - size * 9)
        {
            sheet.Svg.Text(size, y += size * 1.45, size, $"{chance.Count(1, 5)} x {Words.Part(chance)}", sheet.Ink, font);
            sheet.Svg.Text(sheet.Svg.Width - size, y, size, $"{chance.Count(0, 99)}.{chance.Count(0, 99):00}", sheet.Ink, font, "end");
        }
        Centred("--------------------------");
        sheet.Svg.Text(size, y += size * 1.8, size * 1.4, "TOTAL", sheet.Ink, font, bold: true);
        sheet.Svg.Text(sheet.Svg.Width - size, y, size * 1.4, $"{chance.Count(5, 300)}.{chance.Count(0, 99):00}", sheet.Ink, font, "end", bold: true);
        for (double x = size * 3; x < sheet.Svg.Width - size * 3; x += chance.Range(2, 6))
            sheet.Svg.Line(x, y + size, x, y + size * 3, "#000000", chance.Range(0.8, 2.5));
        return sheet.Svg;
    }

    public static Svg Table(Chance chance, Album album)
    {
        var sheet = new Sheet(chance, chance.Pick([0.707, 1.414]));
        sheet.Heading(chance.Range(1.2, 2), chance.Pick(["start", "middle"]));
        while (!sheet.IsFull)
        {
            sheet.Table(chance.Count(3, 9), chance.Count(6, 40));
            if (chance.Odds(0.4))
                sheet.Paragraph(2);
        }
        sheet.Foot();
        return sheet.Svg;
    }

    /// <summary>A certificate or a title page: few words, a frame.</summary>
    public static Svg Certificate(Chance chance, Album album)
    {
        var sheet = new Sheet(chance, chance.Pick([0.707, 1.414]));
        if (chance.Odds(0.7))
        {
            sheet.Svg.Rectangle(sheet.Svg.Whole.Inside(14), "none", sheet.Accent, 3);
            sheet.Svg.Rectangle(sheet.Svg.Whole.Inside(20), "none", sheet.Accent, 1);
        }
        sheet.Skip(sheet.Svg.Height * 0.1 / sheet.Size);
        sheet.Heading(chance.Range(2.5, 4), "middle");
        sheet.Skip(3);
        foreach (var i in chance.Times(2, 5))
            sheet.Heading(chance.Range(1, 1.7), "middle");
        sheet.Svg.Line(sheet.Body.X, sheet.Body.Bottom - 20, sheet.Body.X + sheet.Body.Width * 0.35, sheet.Body.Bottom - 20, sheet.Ink);
        sheet.Svg.Line(sheet.Body.Right - sheet.Body.Width * 0.35, sheet.Body.Bottom - 20, sheet.Body.Right, sheet.Body.Bottom - 20, sheet.Ink);
        sheet.Svg.Text(sheet.Body.X + 10, sheet.Body.Bottom - 26, sheet.Size * 2, Words.Noun(chance), "#1a237e", "Dancing Script");
        return sheet.Svg;
    }

    private static void Field(Sheet sheet, Chance chance, Box box)
    {
        var label = Words.Noun(chance);
        switch (chance.Count(0, 3))
        {
            case 0:
                for (var i = 0; i < 2; i++)
                {
                    var square = new Box(box.X + i * box.Width / 2, box.CentreY - sheet.Size * 0.5, sheet.Size, sheet.Size);
                    sheet.Svg.Rectangle(square, "none", sheet.Ink, 1);
                    if (chance.Odds(0.4))
                        sheet.Svg.Text(square.X + 1, square.Bottom - 1, sheet.Size * 1.1, "✗", "#1a237e", "DejaVu Sans");
                    sheet.Svg.Text(square.Right + 5, square.Bottom - 1, sheet.Size * 0.95, Words.Noun(chance), sheet.Ink, sheet.Font);
                }
                break;
            case 1:
                sheet.Svg.Rectangle(box, chance.Odds(0.4) ? "#eef2fa" : "none", "#555555", 0.9);
                sheet.Svg.Text(box.X + 3, box.Y + sheet.Size * 0.8, sheet.Size * 0.7, label, sheet.Ink, sheet.Font);
                break;
            default:
                sheet.Svg.Text(box.X, box.Bottom - 3, sheet.Size, $"{label}:", sheet.Ink, sheet.Font);
                sheet.Svg.Line(box.X + sheet.Size * (label.Length * 0.6 + 1), box.Bottom - 1, box.Right, box.Bottom - 1, sheet.Ink, 0.8);
                break;
        }
        if (chance.Odds(0.4))
            sheet.Svg.Text(box.X + box.Width * 0.5, box.Bottom - 4, sheet.Size * 1.2, Words.Part(chance), "#1a237e", chance.Pick(Look.HandFonts));
    }
}
