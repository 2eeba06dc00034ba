using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ImageMagick;

namespace Assay.Benchmarks;

/// <summary>Where the figures were made: without it nobody can compare theirs.</summary>
internal static class Machine
{
    /// <summary>Cores, memory, system and the versions of everything that is measured, in one line.</summary>
    /// <param name="packages">Debian's packages that have a part in it; those that are not installed are left out.</param>
    public static string Describe(params IEnumerable<string> packages)
    {
        var vips = string.Join('.', Enumerable.Range(0, 3).Select(part => NetVips.NetVips.Version(part)));
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        return string.Join(" · ",
        [
            string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores ({Processor()})"),
            string.Create(CultureInfo.InvariantCulture, $"{memory:0} GiB"),
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            $"libvips {vips}",
            MagickNET.ImageMagickVersion.Split(" https", 2)[0],
            .. InstalledPackages(packages),
        ]);
    }

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    // Not every program can say its own version, so Debian is asked. It names what it does not have on standard error, which is no fault here.
    private static string[] InstalledPackages(IEnumerable<string> packages)
    {
        if (!File.Exists("/usr/bin/dpkg-query"))
            return [];
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/dpkg-query", ["--show", "--showformat=${Package} ${Version}\\n", .. packages])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        return process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
