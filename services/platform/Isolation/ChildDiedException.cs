namespace Assay.Platform.Isolation;

/// <summary>A process that worked on one file and nothing else died of it. The message says how, for instance <c>signal 11 (SIGSEGV)</c>.</summary>
public sealed class ChildDiedException(string how) : Exception(how)
{
    private static readonly Dictionary<int, string> Signals = new()
    {
        [4] = "SIGILL", [5] = "SIGTRAP", [6] = "SIGABRT", [7] = "SIGBUS", [8] = "SIGFPE", [9] = "SIGKILL", [11] = "SIGSEGV", [31] = "SIGSYS",
    };

    private const int Kill = 128 + 9;

    /// <summary>Whether it was killed: by a kernel that lacked memory, most likely, be it because of the file or of anything else on the machine.</summary>
    public bool WasKilled { get; private init; }

    internal static ChildDiedException From(int exitCode) => new(
        exitCode > 128 ? $"signal {exitCode - 128} ({Signals.GetValueOrDefault(exitCode - 128, "unexpected")})" : $"exit code {exitCode}")
    {
        WasKilled = exitCode == Kill,
    };
}
