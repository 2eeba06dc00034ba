using System.Net;
using System.Text;

namespace Assay.Trainer.Drawing;

/// <summary>An SVG document in the making: pixels, colours as CSS writes them.</summary>
internal sealed class Svg(int width, int height)
{
    private readonly StringBuilder body = new();

    public int Width { get; } = width;

    public int Height { get; } = height;

    public Box Whole => new(0, 0, Width, Height);

    public override string ToString() =>
        $"<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='{Width}' height='{Height}' viewBox='0 0 {Width} {Height}'>{body}</svg>";

    public void Fill(string colour) => Rectangle(Whole, colour);

    public void Rectangle(Box box, string fill, string stroke = "none", double line = 1, double round = 0, double opacity = 1) =>
        Add($"<rect x='{N(box.X)}' y='{N(box.Y)}' width='{N(Math.Max(0, box.Width))}' height='{N(Math.Max(0, box.Height))}' rx='{N(round)}' {Paint(fill, stroke, line, opacity)}/>");

    public void Line(double x1, double y1, double x2, double y2, string stroke, double line = 1, string dash = "none") =>
        Add($"<line x1='{N(x1)}' y1='{N(y1)}' x2='{N(x2)}' y2='{N(y2)}' stroke='{stroke}' stroke-width='{N(line)}' stroke-dasharray='{dash}'/>");

    public void Circle(double x, double y, double radius, string fill, string stroke = "none", double line = 1, double opacity = 1) =>
        Ellipse(x, y, radius, radius, fill, stroke, line, opacity);

    public void Ellipse(double x, double y, double radiusX, double radiusY, string fill, string stroke = "none", double line = 1, double opacity = 1) =>
        Add($"<ellipse cx='{N(x)}' cy='{N(y)}' rx='{N(radiusX)}' ry='{N(radiusY)}' {Paint(fill, stroke, line, opacity)}/>");

    public void Polygon(IEnumerable<(double X, double Y)> points, string fill, string stroke = "none", double line = 1, double opacity = 1) =>
        Add($"<polygon points='{Points(points)}' {Paint(fill, stroke, line, opacity)}/>");

    public void Polyline(IEnumerable<(double X, double Y)> points, string stroke, double line = 1, string dash = "none") =>
        Add($"<polyline points='{Points(points)}' fill='none' stroke='{stroke}' stroke-width='{N(line)}' stroke-dasharray='{dash}' stroke-linejoin='round'/>");

    public void Path(string data, string fill, string stroke = "none", double line = 1, double opacity = 1, string dash = "none") =>
        Add($"<path d='{data}' {Paint(fill, stroke, line, opacity)} stroke-dasharray='{dash}' stroke-linecap='round' stroke-linejoin='round'/>");

    /// <summary>One line of text; <paramref name="y"/> is the baseline, <paramref name="anchor"/> start, middle or end.</summary>
    public void Text(double x, double y, double size, string text, string fill, string font, string anchor = "start", bool bold = false, bool italic = false, double turn = 0) =>
        Add($"<text x='{N(x)}' y='{N(y)}' font-size='{N(size)}' font-family='{font}' fill='{fill}' text-anchor='{anchor}'"
            + (bold ? " font-weight='bold'" : "") + (italic ? " font-style='italic'" : "")
            + (turn == 0 ? "" : $" transform='rotate({N(turn)} {N(x)} {N(y)})'") + $">{WebUtility.HtmlEncode(text)}</text>");

    /// <summary>A line with a head at its end.</summary>
    public void Arrow(double x1, double y1, double x2, double y2, string stroke, double line = 1.5, double head = 9, string dash = "none", bool open = false)
    {
        Line(x1, y1, x2, y2, stroke, line, dash);
        var angle = Math.Atan2(y2 - y1, x2 - x1);
        (double, double) Back(double turn) => (x2 - head * Math.Cos(angle + turn), y2 - head * Math.Sin(angle + turn));
        if (open)
            Polyline([Back(0.45), (x2, y2), Back(-0.45)], stroke, line);
        else
            Polygon([Back(0.42), (x2, y2), Back(-0.42)], stroke);
    }

    /// <summary>A picture (JPEG) that fills the box.</summary>
    public void Picture(Box box, byte[] jpeg) =>
        Add($"<image x='{N(box.X)}' y='{N(box.Y)}' width='{N(box.Width)}' height='{N(box.Height)}' preserveAspectRatio='none' xlink:href='data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}'/>");

    /// <summary>Defines a gradient from the upper to the lower edge (or left to right) and gives the fill that uses it.</summary>
    public string Gradient(string from, string to, bool sideways = false)
    {
        var id = $"g{body.Length}";
        Add($"<linearGradient id='{id}' x1='0' y1='0' x2='{(sideways ? 1 : 0)}' y2='{(sideways ? 0 : 1)}'><stop offset='0' stop-color='{from}'/><stop offset='1' stop-color='{to}'/></linearGradient>");
        return $"url(#{id})";
    }

    /// <summary>Everything drawn until <see cref="Close"/> is transformed, for instance <c>rotate(3 100 100)</c>.</summary>
    public void Open(string transform) => Add($"<g transform='{transform}'>");

    public void Close() => Add("</g>");

    /// <summary>A number as SVG wants it, to a hundredth of a pixel.</summary>
    public static string N(double number) => Math.Round(number, 2).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Points(IEnumerable<(double X, double Y)> points) => string.Join(' ', points.Select(point => $"{N(point.X)},{N(point.Y)}"));

    private static string Paint(string fill, string stroke, double line, double opacity) =>
        $"fill='{fill}' stroke='{stroke}' stroke-width='{N(line)}'" + (opacity < 1 ? $" opacity='{N(opacity)}'" : "");

    private void Add(string element) => body.Append(element);
}
