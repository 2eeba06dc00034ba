using System.Security.Cryptography;
using Assay.Platform.Messaging;
using Assay.Preprocess;
using Shouldly;
using Xunit;

namespace Assay.Tests.Preprocess;

public sealed class SameInputSameOutputTests
{
    private static readonly string[] Formats = ["jpeg", "progressive jpeg", "png", "webp", "gif", "tiff", "avif", "jpeg xl"];

    [Fact]
    public void The_same_original_always_gives_the_same_bytes()
    {
        using var drawn = Drawn.Detailed(900, 700);
        foreach (var format in Formats)
        {
            var original = drawn.As(format);
            var first = Silver.Of(original);
            var second = Silver.Of([.. original]);
            second.Jpeg.ToArray().ShouldBe(first.Jpeg.ToArray(), format);
            second.PixelSha256.ShouldBe(first.PixelSha256);
        }
    }

    [Theory]
    [InlineData("interlaced png")]
    [InlineData("tiff")]
    [InlineData("deflated tiff")]
    [InlineData("tiled tiff")]
    [InlineData("big tiff")]
    [InlineData("webp")]
    [InlineData("bmp")]
    [InlineData("jpeg xl")]
    public void Equal_pixels_have_one_hash_whatever_file_they_are_in(string format)
    {
        using var drawn = Drawn.Detailed(700, 300);
        var silver = Silver.Of(drawn.As(format));
        var png = Silver.Of(drawn.As("png"));
        silver.PixelSha256.ShouldBe(png.PixelSha256);
        silver.Jpeg.ToArray().ShouldBe(png.Jpeg.ToArray());
    }

    [Fact]
    public void The_pixel_hash_is_that_of_size_and_rgb_rows()
    {
        using var two = Drawn.Each(1, 2, 3, (_, y) => y == 0 ? [1, 2, 3] : [4, 5, 6]);
        Silver.Of(two.As("png")).PixelSha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData([1, 0, 0, 0, 2, 0, 0, 0, 1, 2, 3, 4, 5, 6])));
    }

    [Fact]
    public void One_other_pixel_or_another_shape_makes_another_pixel_hash()
    {
        using var plain = Drawn.Plain(4, 4, Drawn.Red);
        using var other = Drawn.Each(4, 4, 3, (x, y) => x == 3 && y == 3 ? [254, 0, 0] : Drawn.Red);
        using var wide = Drawn.Plain(8, 2, Drawn.Red);
        new[] { plain, other, wide }.Select(image => Silver.Of(image.As("png")).PixelSha256).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void Many_threads_get_what_one_gets_good_and_bad_files_side_by_side()
    {
        using var drawn = Drawn.Detailed(800, 600);
        byte[][] files = [.. Formats.Select(drawn.As)];
        byte[][] all = [.. files, .. files.Select(file => file[..(file.Length / 2)]), [.. "no image"u8]];
        var transform = new SilverTransform(new());
        string[] alone = [.. all.Select(file => Outcome(transform, file))];
        alone.Distinct().Count().ShouldBeGreaterThan(4);

        var together = new string[4 * all.Length];
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(thread => new Thread(() =>
        {
            for (var i = 0; i < all.Length; i++)
                together[thread * all.Length + (i + thread) % all.Length] = Outcome(transform, all[(i + thread) % all.Length]);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        for (var i = 0; i < together.Length; i++)
            together[i].ShouldBe(alone[i % all.Length]);
    }

    private static string Outcome(SilverTransform transform, byte[] file)
    {
        try
        {
            return Convert.ToHexString(SHA256.HashData(transform.Apply(file, CancellationToken.None).Jpeg.Span));
        }
        catch (InvalidImageException refusal)
        {
            return refusal.Reason;
        }
    }
}
