using Assay.Contracts;
using Assay.Platform.Pixels;
using Assay.Tests.Preprocess;
using NetVips;
using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>Images that take as much memory as the limits allow, all at once, and some that would take much more.</summary>
public sealed class HungryImagesTests(ITestOutputHelper log)
{
    private const int MostMebibytes = 512;

    [Fact]
    public async Task Whatever_comes_every_service_stays_under_512_mib_and_every_image_ends()
    {
        await using var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "*/2 * * * * *";
        // This is about memory; how long a decode takes beside all other tests is not.
        deployment.Settings["ASSAY_PREPROCESS__DECODETIMEOUT"] = "00:01:00";
        // As docs/operations.md says.
        foreach (var (name, value) in new[] { ("MALLOC_ARENA_MAX", "2"), ("MALLOC_MMAP_THRESHOLD_", "131072"), ("MALLOC_TRIM_THRESHOLD_", "131072") })
            deployment.Settings[name] = value;
        await deployment.SetupAsync();
        var services = await deployment.StartAllAsync();

        var (allowed, refused) = (Allowed(), Refused());
        foreach (var (name, file) in allowed.Concat(refused))
            await deployment.DropAsync(name, file);
        await Eventually.HoldsAsync("every image ends", async () =>
            await deployment.CountAsync("count(*) FROM image_status WHERE status IN ('classified', 'rejected')") == allowed.Count + refused.Count,
            TimeSpan.FromMinutes(5), deployment.Logs);

        foreach (var row in await deployment.QueryAsync("SELECT raw_path, status, reason, detail FROM image_status"))
        {
            if (allowed.ContainsKey((string)row[0]!))
                row[1].ShouldBe("classified", $"{row[0]}: {row[2]}, {row[3]}");
            else
                row[2].ShouldBe(RejectionReason.TooManyPixels, $"{row[0]}: {row[3]}");
        }
        log.WriteLine($"Peaks of ingest, preprocess, enrich and classify: {string.Join(", ", services.Select(service => service.PeakMebibytes))} MiB.");
        services.Max(service => service.PeakMebibytes).ShouldBeLessThan(MostMebibytes);
    }

    // Each once to begin with and once to end with, so that different kinds are at work together.
    private static Dictionary<string, byte[]> Allowed()
    {
        var files = new Dictionary<string, byte[]>
        {
            ["progressive.jpg"] = Plain(6_500, 5_000, 3).As("progressive jpeg"),
            ["interlaced.png"] = Plain(4_300, 3_400, 4).Cast(Enums.BandFormat.Ushort).Copy(interpretation: Enums.Interpretation.Rgb16).As("interlaced png"),
            ["wide.tif"] = Plain(40_000, 4_000, 3).As("deflated tiff"),
            ["transparent.webp"] = Plain(4_200, 3_200, 4).As("webp"),
            ["photo.avif"] = Plain(4_000, 3_000, 3).As("avif"),
            ["large.bmp"] = Plain(5_000, 4_000, 3).As("bmp"),
            ["animation.gif"] = Plain(5_000, 4_000, 3).As("gif"),
            ["photo.jxl"] = Plain(5_000, 4_000, 3).As("jpeg xl"),
        };
        using var drawn = Drawn.Detailed(640, 480);
        var neighbour = drawn.As("jpeg");
        return files.Select(file => KeyValuePair.Create($"1/{file.Key}", file.Value))
            .Append(new("2/neighbour.jpg", neighbour))
            // Other bytes: the same would be taken over, not decoded.
            .Concat(files.Reverse().Select(file => KeyValuePair.Create($"3/{file.Key}", (byte[])[.. file.Value, 0])))
            .ToDictionary();
    }

    private static Dictionary<string, byte[]> Refused() => new()
    {
        ["huge.png"] = Plain(30_000, 30_000, 1).As("png"),
        ["huge-progressive.jpg"] = Plain(12_000, 9_000, 3).As("progressive jpeg"),
    };

    private static Image Plain(int width, int height, int bands)
    {
        Vips.Prepare();
        return (Image.Black(width, height, bands) + 100).Cast(Enums.BandFormat.Uchar)
            .Copy(interpretation: bands < 3 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
    }
}
