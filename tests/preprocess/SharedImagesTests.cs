using System.Diagnostics;
using Assay.Contracts;
using Assay.Platform.Messaging;
using Assay.Preprocess;
using Shouldly;
using Xunit;

namespace Assay.Tests.Preprocess;

/// <summary>Two thousand files that others made: every one becomes a silver image or is refused with a reason, and soon.</summary>
public sealed class SharedImagesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("photos", 600)]
    [InlineData("cameras", 93)]
    [InlineData("orientation", 18)]
    [InlineData("formats-libvips", 57)]
    [InlineData("formats-pillow", 680)]
    [InlineData("hostile", 150)]
    public void Every_file_becomes_silver_or_gets_a_reason_in_time(string folder, int atLeastSilver)
    {
        var root = SharedFolder.Require("images", folder);
        var transform = new SilverTransform(new());
        var silver = 0;
        var wrong = new List<string>();
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var clock = Stopwatch.StartNew();
            if (WhatIsWrong(transform, file, ref silver) is { } fault)
                wrong.Add($"{Path.GetRelativePath(root, file)}: {fault}");
            if (clock.Elapsed > Patience)
                wrong.Add($"{Path.GetRelativePath(root, file)}: took {clock.Elapsed}");
        }
        wrong.ShouldBeEmpty();
        silver.ShouldBeGreaterThanOrEqualTo(atLeastSilver);
    }

    [Theory]
    [InlineData("formats-libvips/truncated.jpg", RejectionReason.Truncated)]
    [InlineData("formats-libvips/truncated.gif", RejectionReason.Truncated)]
    [InlineData("formats-pillow/truncated_image.png", RejectionReason.Truncated)]
    [InlineData("formats-pillow/broken.png", RejectionReason.Truncated)]
    [InlineData("formats-pillow/shortfile.bmp", RejectionReason.Truncated)]
    [InlineData("formats-pillow/not_enough_data.jp2", RejectionReason.Truncated)]
    [InlineData("formats-pillow/badwidth.bmp", RejectionReason.Corrupt)]
    [InlineData("formats-pillow/badplanes.bmp", RejectionReason.Corrupt)]
    [InlineData("formats-pillow/zero_height.j2k", RejectionReason.Corrupt)]
    [InlineData("formats-pillow/libtiff_segfault.tif", RejectionReason.Corrupt)]
    [InlineData("formats-pillow/oom-225817ca0f8c663be7ab4b9e717b02c661e66834.tif", RejectionReason.Corrupt)]
    [InlineData("formats-libvips/17000x17000.avif", RejectionReason.TooManyPixels)]
    [InlineData("formats-libvips/logo.svg", RejectionReason.UnsupportedFormat)]
    [InlineData("formats-libvips/blankpage.pdf", RejectionReason.UnsupportedFormat)]
    [InlineData("formats-pillow/hopper.psd", RejectionReason.UnsupportedFormat)]
    [InlineData("formats-pillow/hopper.ico", RejectionReason.UnsupportedFormat)]
    [InlineData("formats-pillow/hopper.ppm", RejectionReason.UnsupportedFormat)]
    [InlineData("formats-pillow/1.eps", RejectionReason.UnsupportedFormat)]
    // Whole, but ImageMagick has no code for them: 2 bits a pixel; compressed rows from the top; components of different sizes.
    [InlineData("formats-pillow/pal2.bmp", RejectionReason.UnsupportedFormat)]
    [InlineData("formats-pillow/rletopdown.bmp", RejectionReason.UnsupportedFormat)]
    [InlineData("formats-pillow/crash-7d4c83eb92150fb8f1653a697703ae06ae7c4998.j2k", RejectionReason.UnsupportedFormat)]
    public void A_known_bad_file_gets_its_reason(string file, string reason) => Silver.Refusal(Read(file)).Reason.ShouldBe(reason);

    [Theory]
    [InlineData("cameras/iphone_13_pro_max.HEIC", "image/heic", 3024, 4032)]
    [InlineData("cameras/IMG_5195.HEIC", "image/heic", 2566, 3313)]
    [InlineData("formats-pillow/hopper.heif", "image/heic", 128, 128)]
    [InlineData("formats-pillow/hopper.avif", "image/avif", 128, 128)]
    [InlineData("formats-pillow/hopper.webp", "image/webp", 128, 128)]
    [InlineData("formats-pillow/hopper.bmp", "image/bmp", 128, 128)]
    [InlineData("formats-pillow/hopper.gif", "image/gif", 128, 128)]
    [InlineData("formats-pillow/hopper.jpg", "image/jpeg", 128, 128)]
    [InlineData("formats-pillow/hopper.png", "image/png", 128, 128)]
    [InlineData("formats-pillow/hopper.tif", "image/tiff", 128, 128)]
    [InlineData("formats-pillow/hopper_bigtiff.tif", "image/tiff", 128, 128)]
    [InlineData("formats-pillow/hopper_lzma.tif", "image/tiff", 128, 128)]
    [InlineData("formats-pillow/test-card-lossless.jp2", "image/jp2", 640, 480)]
    [InlineData("formats-libvips/world.jp2", "image/jp2", 800, 400)]
    // What the bytes are counts, not the name.
    [InlineData("formats-libvips/looks-like-svg.webp", "image/webp", 256, 256)]
    public void A_known_file_is_read_for_what_it_is(string file, string mediaType, int width, int height)
    {
        var silver = Silver.Of(Read(file));
        (silver.MediaType, silver.RawWidth, silver.RawHeight).ShouldBe((mediaType, width, height));
        silver.Pixels().Distinct().Count().ShouldBeGreaterThan(20, "the picture is blank");
    }

    [Theory]
    [InlineData("hopper.avif", 8)]
    [InlineData("hopper.webp", 8)]
    [InlineData("hopper.heif", 8)]
    [InlineData("hopper.bmp", 8)]
    [InlineData("hopper.tif", 8)]
    [InlineData("hopper_lzma.tif", 8)]
    [InlineData("hopper.jpg", 8)]
    // 256 colours, dithered.
    [InlineData("hopper.gif", 16)]
    public void The_same_portrait_looks_the_same_in_every_format(string file, double difference) =>
        Silver.Of(Read($"formats-pillow/{file}")).Difference(Silver.Of(Read("formats-pillow/hopper.png"))).ShouldBeLessThan(difference);

    // They begin 150 × 300 and 70 × 0 pixels off their canvas' corner: ImageMagick by itself cuts off as much on the far side.
    [Theory]
    [InlineData("formats-libvips/Bretagne2_4.j2k", 2592, 1944)]
    [InlineData("formats-pillow/00r0_gray_l.jp2", 6, 13)]
    public void A_jpeg_2000_image_that_begins_off_its_canvas_corner_is_whole(string file, int width, int height)
    {
        var silver = Silver.Of(Read(file));
        (silver.RawWidth, silver.RawHeight).ShouldBe((width, height));
    }

    private static byte[] Read(string file) => File.ReadAllBytes(SharedFolder.Require(["images", .. file.Split('/')]));

    private static string? WhatIsWrong(SilverTransform transform, string file, ref int count)
    {
        try
        {
            var silver = transform.Apply(File.ReadAllBytes(file), CancellationToken.None);
            count++;
            silver.Pixels().Length.ShouldBe(silver.Width * silver.Height * 3);
            var scale = Math.Min(1, 512.0 / Math.Max(silver.RawWidth, silver.RawHeight));
            return Math.Abs(silver.Width - Math.Max(1, silver.RawWidth * scale)) > 1 || Math.Abs(silver.Height - Math.Max(1, silver.RawHeight * scale)) > 1
                ? $"{silver.RawWidth} × {silver.RawHeight} became {silver.Width} × {silver.Height}"
                : null;
        }
        catch (InvalidImageException refusal)
        {
            return !Silver.Reasons.Contains(refusal.Reason) ? $"unknown reason {refusal.Reason}"
                : refusal.Detail.Length is < 10 or > 400 || refusal.Detail.Any(char.IsControl) ? $"not one sentence: {refusal.Detail}"
                : null;
        }
#pragma warning disable CA1031 // The sweep's very question: does anything else come out?
        catch (Exception exception)
        {
            return exception.GetType().FullName;
        }
#pragma warning restore CA1031
    }
}
