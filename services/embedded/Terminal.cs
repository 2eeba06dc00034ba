using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Assay.Embedded;

/// <summary>Where tables and progress go.</summary>
internal static class Terminal
{
    // In a file or a pipe nobody sees the edge of a screen: wrapped names would only be hard to search for.
    private const int WidthOfFiles = 200;

    /// <summary>A console on standard output or standard error.</summary>
    public static IAnsiConsole Open(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = WidthOfFiles;
        return console;
    }

    /// <summary>Writes one line to standard error, as <see cref="Printable"/> has it: a message may say again what a stranger wrote.</summary>
    public static void WriteError(string message) => Console.Error.WriteLine(Printable(message));

    /// <summary>A text of at most so many characters: of a longer one the middle is left out, since names of one kind differ in their ends.</summary>
    public static string Shorten(string text, int width)
    {
        var characters = StringInfo.ParseCombiningCharacters(text);
        if (characters.Length <= width)
            return text;
        var end = width / 2;
        return $"{text[..characters[width - 1 - end]]}…{text[characters[^end]..]}";
    }

    /// <summary>
    /// A stranger's text with every character replaced that is not seen but does something: a file name can neither write to the terminal what
    /// its owner likes nor turn its direction round.
    /// </summary>
    public static string Printable(string text) => string.Concat(text.EnumerateRunes().Select(rune => IsSeen(rune) ? rune.ToString() : "\uFFFD"));

    /// <summary>The same as a cell of a table or a part of other markup.</summary>
    public static string Shown(string text) => Markup.Escape(Printable(text));

    // The two joiners belong to how some scripts, and emoji of several parts, are written.
    private static bool IsSeen(Rune rune) => rune.Value is 0x200C or 0x200D || Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
