using System.CommandLine;
using System.CommandLine.Parsing;

namespace Assay.Embedded;

/// <summary>What is wrong with a command line, in one sentence, and where to read how it is right.</summary>
internal static class Usage
{
    /// <summary>The first fault, or null.</summary>
    public static string? FirstFault(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var isRoot = command is RootCommand;
        // Where help is asked for the parser finds no fault with anything.
        if (parsed.Errors.Count == 0 && !(isRoot && parsed.UnmatchedTokens.Count > 0))
            return null;
        return $"{Fault(parsed, command, isRoot)} '{PathOf(parsed.CommandResult)} --help' shows how it is used.";
    }

    /// <summary>The first of an argument's words that was meant as an option; null for none. What is there under such a name is a path.</summary>
    public static string? UnknownOption(IEnumerable<string> words) => words.FirstOrDefault(word => word.StartsWith('-') && !Path.Exists(word));

    /// <summary>The sentence for one.</summary>
    public static string NoSuchOption(string option) => $"There is no option '{option}'.";

    private static string PathOf(CommandResult command) => command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "assay";

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
