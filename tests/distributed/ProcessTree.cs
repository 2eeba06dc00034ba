using System.Globalization;

namespace Assay.Tests.Distributed;

/// <summary>The processes of this machine, as Linux tells of them.</summary>
internal static class ProcessTree
{
    /// <summary>The processes that a process has started and that still run.</summary>
    public static IReadOnlyList<int> ChildrenOf(int process) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0])).Select(name => Number(name!)).Where(id => ParentOf(id) == process)];

    /// <summary>Whether there is such a process.</summary>
    public static bool Runs(int process) => ParentOf(process) is not null;

    /// <summary>How much memory a process has, in MiB; 0 if it has ended.</summary>
    public static long Mebibytes(int process) =>
        Lines(process, "status").FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)) is { } line ? Number(line[6..^3]) / 1024 : 0;

    // Behind the program's name in brackets: the state, then the parent. A zombie has ended.
    private static int? ParentOf(int process) =>
        Lines(process, "stat").FirstOrDefault() is { } stat && stat[(stat.LastIndexOf(')') + 2)..].Split(' ') is [not "Z", var parent, ..] ? Number(parent) : null;

    private static string[] Lines(int process, string file)
    {
        try
        {
            return File.ReadAllLines($"/proc/{process}/{file}");
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
