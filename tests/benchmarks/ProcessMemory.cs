namespace Assay.Benchmarks;

/// <summary>This process's memory as Linux counts it.</summary>
internal static class ProcessMemory
{
    /// <summary>A line of <c>/proc/self/status</c>: VmRSS is what is there now, VmHWM the most there has been. In KiB.</summary>
    public static long Now(string line) =>
        long.Parse(File.ReadLines("/proc/self/status").First(text => text.StartsWith(line + ":", StringComparison.Ordinal))[(line.Length + 1)..^3].Trim());
}
