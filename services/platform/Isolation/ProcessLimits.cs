using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Assay.Platform.Isolation;

/// <summary>What a child process forbids itself. On Linux only; elsewhere nothing is limited.</summary>
internal static class ProcessLimits
{
    /// <summary>The signal of a process that has computed for longer than it may.</summary>
    public const int CpuTimeSignal = 24;

    // asm-generic/resource.h
    private const int Cpu = 0, Data = 2;
    private const ulong MiB = 1024 * 1024;

    // Compiled code and threads' stacks (8 MiB each, and on a busy machine the runtime starts more of them), in MiB; and decoders ask for more than they touch, JPEG XL's for a quarter more at least: the limit is on what is asked for.
    private const ulong Allowance = 160;
    private const double Asked = 1.5;

    /// <summary>Where memory runs out, the kernel takes this process, and not the one that serves everybody.</summary>
    public static void DieFirst()
    {
        if (OperatingSystem.IsLinux())
            File.WriteAllText("/proc/self/oom_score_adj", "1000");
    }

    /// <summary>Limits what is allocated and computed from now on.</summary>
    public static void Set(int mebibytes, TimeSpan cpuTime)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var line = File.ReadLines("/proc/self/status").Single(text => text.StartsWith("VmData:", StringComparison.Ordinal));
        var now = ulong.Parse(line[7..^3], CultureInfo.InvariantCulture) * 1024;
        using var self = Process.GetCurrentProcess();
        Limit(Data, now + ((ulong)(mebibytes * Asked) + Allowance) * MiB);
        Limit(Cpu, (ulong)Math.Ceiling((self.TotalProcessorTime + cpuTime).TotalSeconds));
    }

    private static void Limit(int resource, ulong value)
    {
        var limit = new Limits();
        if (GetLimit(resource, ref limit) != 0)
            throw new InvalidOperationException($"The limit {resource} of this process cannot be read.");
        limit.Soft = Math.Min(value, limit.Hard);
        if (SetLimit(resource, ref limit) != 0)
            throw new InvalidOperationException($"The limit {resource} of this process cannot be set to {value}.");
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public ulong Soft;
        public ulong Hard;
    }

#pragma warning disable SYSLIB1054 // Two numbers need no generated code, which would have to be unsafe.
    [DllImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetLimit(int resource, ref Limits limits);

    [DllImport("libc", EntryPoint = "setrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLimit(int resource, ref Limits limits);
#pragma warning restore SYSLIB1054
}
