using System.CommandLine;

namespace Assay.Embedded;

/// <summary>What is wrong with a command line, in one sentence, and where to read how it is right.</summary>
internal static class Usage
{
    /// <summary>The first fault, or null.</summary>
    public static string? FirstFault(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0)
            return null;
        var command = parsed.CommandResult.Command;
        var isRoot = command is RootCommand;
        return $"{Fault(parsed, command, isRoot)} '{(isRoot ? "assay" : $"assay {command.Name}")} --help' shows how it is used.";
    }

    /// <summary>The first of an argument's words that was meant as an option; null for none. What is there under such a name is a path.</summary>
    public static string? UnknownOption(IEnumerable<string> words) => words.FirstOrDefault(word => word.StartsWith('-') && !Path.Exists(word));

    /// <summary>The sentence for one.</summary>
    public static string NoSuchOption(string option) => $"There is no option '{option}'.";

    private static string Fault(ParseResult parsed, Command command, bool isRoot)
    {
        if (UnknownOption(parsed.UnmatchedTokens) is { } option)
            return NoSuchOption(option);
        if (!isRoot)
            return parsed.Errors[0].Message;
        var commands = string.Join(", ", command.Subcommands.Select(known => known.Name));
        return parsed.UnmatchedTokens is [var unknown, ..] ? $"There is no command '{unknown}', only {commands}." : $"A command is missing: {commands}.";
    }
}
