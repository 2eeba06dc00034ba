namespace Assay.Trainer.Drawing;

/// <summary>Text without meaning that looks like text.</summary>
internal static class Words
{
    private static readonly string[] Plain =
        ("the a of to in and is for that with as on by this are from at or an be not which can has their more one each other all into than time when system value data "
        + "result between number where first after under over these process during order state part report service water energy market public method research network "
        + "growth model support price project quality control water light energy field matter history region century language question answer country example general "
        + "increase measure surface design student account customer product delivery material temperature pressure analysis").Split(' ');

    private static readonly string[] Nouns =
        ("Sales Revenue Cost Users Requests Latency Speed Weight Height Price Volume Growth Profit Rate Score Error Loss Accuracy Rainfall Temperature Population Energy "
        + "Traffic Demand Output Input Queue Orders Visits Memory Load Yield Income Exports Distance Age Density Power Budget Share").Split(' ');

    private static readonly string[] Parts =
        ("Client Server Database Cache Queue Gateway Broker Worker Web API Auth Storage Scheduler Monitor Parser Router Proxy Search Index Billing Account Order Payment "
        + "User Start Stop Check Validate Send Receive Store Load Transform Publish Notify Approve Reject Review Plan Build Test Deploy Source Target Event Command "
        + "Service Logger Config Session Reader Writer Engine Filter Model View Controller Master Replica Switch Firewall Internet Backup").Split(' ');

    private static readonly string[] Groups =
        "North South East West Q1 Q2 Q3 Q4 Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec A B C D E F Red Blue Alpha Beta Gamma Delta 2019 2020 2021 2022 2023 2024 Mon Tue Wed Thu Fri".Split(' ');

    private static readonly string[] Actions =
        "File Edit View Insert Tools Help Home Settings Search Save Open Close Cancel OK Apply Share Download Upload Inbox Calendar Contacts Files Photos Profile Logout New Delete Rename Copy Paste Next Back".Split(' ');

    public static string Noun(Chance chance) => chance.Pick(Nouns);

    public static string Part(Chance chance) => chance.Odds(0.4) ? $"{chance.Pick(Parts)} {chance.Pick(Parts)}" : chance.Pick(Parts);

    public static string ShortPart(Chance chance) => chance.Odds(0.3) ? $"{(char)('A' + chance.Count(0, 25))}{(chance.Odds(0.5) ? chance.Count(1, 9) : "")}" : chance.Pick(Parts);

    public static string Group(Chance chance) => chance.Pick(Groups);

    public static string Action(Chance chance) => chance.Pick(Actions);

    public static string Title(Chance chance) => chance.Count(0, 4) switch
    {
        0 => $"{Noun(chance)} by {Noun(chance).ToLowerInvariant()}",
        1 => $"{Noun(chance)} over time",
        2 => $"{Noun(chance)} and {Noun(chance).ToLowerInvariant()} {chance.Count(2001, 2026)}",
        3 => $"Figure {chance.Count(1, 20)}: {Noun(chance).ToLowerInvariant()}",
        _ => $"Monthly {Noun(chance).ToLowerInvariant()} ({chance.Pick(["%", "EUR", "kg", "ms", "1000", "m"])})",
    };

    /// <summary>So many words, the first with a capital.</summary>
    public static string Sentence(Chance chance, int words)
    {
        var text = string.Join(' ', Enumerable.Range(0, words).Select(_ => chance.Pick(Plain)));
        return char.ToUpperInvariant(text[0]) + text[1..];
    }

    /// <summary>Lines of about so many characters that read on from one to the next.</summary>
    public static IEnumerable<string> Lines(Chance chance, int count, int characters)
    {
        for (var i = 0; i < count; i++)
        {
            var line = Sentence(chance, 1);
            while (line.Length < characters - 4)
                line += (chance.Odds(0.08) ? ". " : chance.Odds(0.08) ? ", " : " ") + chance.Pick(Plain);
            yield return i == count - 1 ? line[..(line.Length / chance.Count(1, 3))] : line;
        }
    }

    public static string Amount(Chance chance) => chance.Count(0, 3) switch
    {
        0 => $"{chance.Count(1, 999)}",
        1 => $"{chance.Count(1, 99)}.{chance.Count(0, 99):00}",
        2 => $"{chance.Count(1, 99)},{chance.Count(0, 999):000}.{chance.Count(0, 99):00}",
        _ => $"{chance.Count(0, 100)}%",
    };
}
