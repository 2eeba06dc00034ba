using Assay.Platform.Hosting;

namespace Assay.Preprocess;

/// <summary>
/// Counts the processor time that this process takes while at least one image is being decoded. libvips works on threads of its own, so that no thread's
/// clock says what an image takes.
/// </summary>
internal static class DecodeCpu
{
    private static readonly Lock Gate = new();
    private static int underWay;
    private static TimeSpan counted;

    /// <summary>Counts until it is disposed of.</summary>
    public static IDisposable Measure()
    {
        lock (Gate)
        {
            if (underWay++ == 0)
                counted = Environment.CpuUsage.TotalTime;
        }
        return new Measurement();
    }

    private sealed class Measurement : IDisposable
    {
        public void Dispose()
        {
            lock (Gate)
            {
                var now = Environment.CpuUsage.TotalTime;
                Meters.Decoded(now - counted);
                counted = now;
                underWay--;
            }
        }
    }
}
