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

    /// <summary>A stranger's text with every control character replaced, so that a file name cannot write to the terminal what its owner likes.</summary>
    public static string Printable(string text) => string.Create(text.Length, text, static (result, source) =>
    {
        for (var i = 0; i < source.Length; i++)
            result[i] = char.IsControl(source[i]) ? '\uFFFD' : source[i];
    });
}
