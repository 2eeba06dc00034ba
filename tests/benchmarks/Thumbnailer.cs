using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Assay.Preprocess;
using NetVips;

namespace Assay.Benchmarks;

/// <summary>The program <c>vipsthumbnail</c> (Debian: libvips-tools), making the same of a file as the silver transform: 512 pixels, quality 85, no metadata.</summary>
internal static partial class Thumbnailer
{
    // What one file costs beyond the process's start: the difference between few files and one. Fewer where each takes so long that a start hardly shows.
    private const int FewFiles = 3, ManyFiles = 9;

    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(300);

    private const int Children = -1;

    // In levels of 255, on average: what another resize, another encoder and another profile make of the same picture. Another picture differs by far more.
    private const double MostDifference = 8;

    private static readonly string Output = Path.Combine(Pictures.Folder, "thumbnail.jpg");

    /// <summary>Whether the program is there.</summary>
    public static bool IsInstalled { get; } = Starts();

    /// <summary>
    /// Whether it reads the file, and makes of it what silver is: as large, and showing the same. Otherwise there is nothing to compare. (Of JPEG 2000, for one,
    /// version 8.14 takes the smallest resolution there is, and makes a picture of 125 pixels; of some JPEG XL it makes do with a part, and says so on standard error.)
    /// </summary>
    public static bool MakesTheSame(string file, SilverImage silver)
    {
        File.Delete(Output);
        if (!TryRun([file], mayComplain: false, out _) || !File.Exists(Output))
            return false;
        using var theirs = Image.NewFromBuffer(File.ReadAllBytes(Output)).Colourspace(Enums.Interpretation.Srgb);
        using var ours = Image.NewFromBuffer(silver.Jpeg.ToArray());
        if ((theirs.Width, theirs.Height) != (ours.Width, ours.Height))
            return false;
        using var difference = (theirs - ours).Abs();
        return difference.Avg() <= MostDifference;
    }

    /// <summary>The CPU time that one more file costs.</summary>
    public static TimeSpan Cost(string file)
    {
        string[] names = [.. Enumerable.Range(0, ManyFiles).Select(i => OtherName(file, i))];
        var one = CpuOf(names[..1]);
        var files = one > Long ? FewFiles : ManyFiles;
        return (CpuOf(names[..files]) - one) / (files - 1);
    }

    // libvips remembers what it has read under a name.
    private static string OtherName(string file, int number)
    {
        var link = Path.Combine(Pictures.Folder, $"{number}-{Path.GetFileName(file)}");
        if (!File.Exists(link))
            File.CreateSymbolicLink(link, Path.GetFullPath(file));
        return link;
    }

    private static TimeSpan CpuOf(IReadOnlyCollection<string> files) =>
        TryRun(files, mayComplain: true, out var cpu) ? cpu : throw new InvalidOperationException($"vipsthumbnail does not read {string.Join(' ', files)}.");

    private static bool TryRun(IReadOnlyCollection<string> files, bool mayComplain, out TimeSpan cpu)
    {
        var start = new ProcessStartInfo("vipsthumbnail", ["--size", "512x512>", "-o", $"{Output}[Q=85,strip]", .. files])
        {
            Environment = { ["VIPS_CONCURRENCY"] = "1" },
            RedirectStandardError = true,
        };
        var before = CpuOfChildren();
        using var process = Process.Start(start)!;
        var complaints = process.StandardError.ReadToEnd();
        process.WaitForExit();
        cpu = CpuOfChildren() - before;
        return process.ExitCode == 0 && (mayComplain || complaints.Length == 0);
    }

    private static TimeSpan CpuOfChildren()
    {
        // Seconds and microseconds in user mode, the same in the kernel, and fourteen other numbers.
        var usage = new long[18];
        _ = GetResourceUsage(Children, usage);
        return TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3]);
    }

    private static bool Starts()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("vipsthumbnail", "--version") { RedirectStandardOutput = true })!;
            process.WaitForExit();
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetResourceUsage(int who, long[] usage);
}
