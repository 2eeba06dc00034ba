using System.Buffers;
using System.Text;

namespace Assay.Preprocess.Formats;

/// <summary>Text of any sort, and the picture formats that are text.</summary>
internal static class TextKind
{
    private const int Looked = 4096;

    // What plain text does not have: control characters other than tab, line ends, form feed and escape.
    private static readonly SearchValues<byte> Binary =
        SearchValues.Create([.. Enumerable.Range(0, 32).Where(b => b is not (9 or 10 or 12 or 13 or 27)).Select(b => (byte)b), 0x7F]);

    public static FileKind? Match(ReadOnlySpan<byte> file)
    {
        var head = file[..Math.Min(Looked, file.Length)];
        if (head.ContainsAny(Binary))
            return null;
        var text = Encoding.UTF8.GetString(head).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (text.Contains("<svg", StringComparison.OrdinalIgnoreCase) && text.StartsWith('<'))
            return FileKind.OtherImage("an SVG drawing", "image/svg+xml");
        if (text.StartsWith("#define", StringComparison.Ordinal) && text.Contains("_width", StringComparison.Ordinal))
            return FileKind.OtherImage("an X bitmap", "image/x-xbitmap");
        if (text.StartsWith("/* XPM */", StringComparison.Ordinal))
            return FileKind.OtherImage("an X pixmap", "image/x-xpixmap");
        if (text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
            return FileKind.NoImage("a web page", "text/html");
        if (text.StartsWith("<?xml", StringComparison.Ordinal))
            return FileKind.NoImage("an XML document", "application/xml");
        if (text.StartsWith('{') || text.StartsWith('['))
            return FileKind.NoImage("a JSON document", "application/json");
        return FileKind.NoImage("a text", "text/plain");
    }
}
