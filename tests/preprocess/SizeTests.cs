using Assay.Preprocess;
using CsCheck;
using Shouldly;
using Xunit;

namespace Assay.Tests.Preprocess;

public sealed class SizeTests
{
    [Theory]
    [InlineData(4000, 3000, 512, 384)]
    [InlineData(3000, 4000, 384, 512)]
    [InlineData(513, 513, 512, 512)]
    [InlineData(512, 100, 512, 100)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(100, 3, 100, 3)]
    [InlineData(5000, 1, 512, 1)]
    [InlineData(1, 5000, 1, 512)]
    public void The_longest_side_is_at_most_512_and_nothing_is_enlarged(int width, int height, int silverWidth, int silverHeight)
    {
        using var original = Drawn.Plain(width, height, 200, 100, 50);
        foreach (var format in new[] { "jpeg", "png" })
        {
            var silver = Silver.Of(original.As(format));
            (silver.RawWidth, silver.RawHeight, silver.Width, silver.Height).ShouldBe((width, height, silverWidth, silverHeight), format);
            silver.Pixel(silverWidth / 2, silverHeight / 2).ShouldBeNear([200, 100, 50], 4);
        }
    }

    [Fact]
    public void Whatever_the_size_the_proportions_stay() =>
        Gen.Select(Gen.Int[1, 1600], Gen.Int[1, 1600]).Sample((width, height) =>
        {
            using var original = Drawn.Plain(width, height, 90);
            var silver = Silver.Of(original.As("png"));
            var scale = Math.Min(1, 512.0 / Math.Max(width, height));
            Math.Max(silver.Width, silver.Height).ShouldBe(Math.Min(512, Math.Max(width, height)));
            ((double)silver.Width).ShouldBe(Math.Max(1, width * scale), 0.51);
            ((double)silver.Height).ShouldBe(Math.Max(1, height * scale), 0.51);
        }, iter: 60, threads: 1);

    [Fact]
    public void Shrinking_averages_so_that_fine_stripes_become_grey_not_noise()
    {
        using var stripes = Drawn.Each(4096, 64, 3, (x, _) => x % 2 == 0 ? [255, 255, 255] : [0, 0, 0]);
        foreach (var format in new[] { "png", "jpeg" })
            Silver.Of(stripes.As(format)).Pixel(256, 4).ShouldBeNear([128, 128, 128], 6);
    }

    [Fact]
    public void Another_longest_side_is_another_recipe()
    {
        using var original = Drawn.Detailed(800, 600);
        var options = new PreprocessOptions { MaxSide = 64 };
        var silver = Silver.Of(original.As("jpeg"), options);
        (silver.Width, silver.Height).ShouldBe((64, 48));
        new SilverTransform(options).Recipe.Version.ShouldBe("2-64-q85-ffffff");
        new SilverTransform(new()).Recipe.Version.ShouldBe("2-512-q85-ffffff");
        new SilverTransform(new() { Quality = 90, Background = "#00FF00" }).Recipe.Version.ShouldBe("2-512-q90-00ff00");
    }
}
