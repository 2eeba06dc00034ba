using Assay.Preprocess;
using Shouldly;
using Xunit;

namespace Assay.Tests.Preprocess;

public sealed class TransparencyTests
{
    [Theory]
    [InlineData("png")]
    [InlineData("webp")]
    [InlineData("tiff")]
    public void What_is_transparent_becomes_white(string format)
    {
        using var clear = Drawn.Plain(32, 32, 0, 0, 0, 0);
        Silver.Of(clear.As(format)).Pixel(16, 16).ShouldBe([255, 255, 255]);
    }

    [Fact]
    public void Half_transparent_black_becomes_the_grey_half_way_to_white()
    {
        using var half = Drawn.Plain(32, 32, 0, 0, 0, 128);
        Silver.Of(half.As("png")).Pixel(16, 16).ShouldBeNear([127, 127, 127], 1);
    }

    [Fact]
    public void Grey_with_alpha_and_a_transparent_palette_colour_become_white_too()
    {
        using var grey = Drawn.Plain(32, 32, 50, 0);
        Silver.Of(grey.As("png")).Pixel(16, 16).ShouldBe([255, 255, 255]);
        using var clear = Drawn.Each(32, 32, 4, (x, _) => x < 16 ? [255, 0, 0, 255] : [0, 0, 0, 0]);
        Silver.Of(clear.As("gif")).Pixel(26, 16).ShouldBeNear([255, 255, 255], 3);
    }

    [Fact]
    public void Another_background_shows_through_when_it_is_configured()
    {
        using var clear = Drawn.Plain(32, 32, 0, 0, 0, 0);
        Silver.Of(clear.As("png"), new PreprocessOptions { Background = "#3366CC" }).Pixel(16, 16).ShouldBeNear([0x33, 0x66, 0xCC], 2);
    }

    [Fact]
    public void A_colour_that_cannot_be_seen_does_not_bleed_into_its_neighbours()
    {
        // Opaque blue beside transparent red: shrunk without weighting, their border would be purple.
        using var picture = Drawn.Each(2048, 2048, 4, (x, _) => x / 2 % 2 == 0 ? [0, 0, 255, 255] : [255, 0, 0, 0]);
        var pixel = Silver.Of(picture.As("png")).Pixel(256, 256);
        // Half blue, half white.
        pixel.ShouldBeNear([127, 127, 255], 4);
    }
}
