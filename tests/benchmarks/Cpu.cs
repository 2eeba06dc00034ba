namespace Assay.Benchmarks;

/// <summary>CPU time of this process, all threads, user and kernel: what a worker pays for, whatever else the machine does.</summary>
internal static class Cpu
{
    // Long enough for the clock, which ticks in microseconds but is charged by the kernel in larger pieces on some machines.
    private static readonly TimeSpan AtLeast = TimeSpan.FromMilliseconds(40);

    /// <summary>The CPU time of one call: the mean of as many as it takes.</summary>
    public static TimeSpan Of(Action call)
    {
        var start = Environment.CpuUsage.TotalTime;
        for (var calls = 1; ; calls++)
        {
            call();
            var spent = Environment.CpuUsage.TotalTime - start;
            if (spent >= AtLeast)
                return spent / calls;
        }
    }
}
