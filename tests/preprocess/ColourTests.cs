using NetVips;
using Shouldly;
using Xunit;

namespace Assay.Tests.Preprocess;

/// <summary>Whatever the numbers in the original mean, silver's are 8-bit sRGB.</summary>
public sealed class ColourTests
{
    private static readonly byte[] Colour = [200, 110, 70];

    [Theory]
    [InlineData("png")]
    [InlineData("tiff")]
    [InlineData("jpeg")]
    public void A_wide_gamut_profile_is_converted_not_ignored(string format)
    {
        using var colour = Drawn.Plain(32, 32, Colour);
        using var wide = colour.IccTransform("p3", inputProfile: "srgb");
        // In Display P3 the same colour has other numbers.
        Math.Abs(wide.Getpoint(0, 0)[0] - Colour[0]).ShouldBeGreaterThan(6);
        Silver.Of(wide.As(format)).Pixel(16, 16).ShouldBeNear(Colour, 3);
    }

    [Theory]
    [InlineData("jpeg", true)]
    [InlineData("jpeg", false)]
    [InlineData("tiff", true)]
    [InlineData("tiff", false)]
    public void Cmyk_is_converted_with_its_profile_or_without_one(string format, bool withProfile)
    {
        using var colour = Drawn.Plain(32, 32, Colour);
        using var ink = colour.IccTransform("cmyk", inputProfile: "srgb", intent: Enums.Intent.Relative, blackPointCompensation: true);
        using var original = withProfile ? ink.Copy() : ink.Mutate(header => header.Remove("icc-profile-data"));
        original.Bands.ShouldBe(4);
        Silver.Of(original.As(format)).Pixel(16, 16).ShouldBeNear(Colour, 8);
    }

    [Fact]
    public void A_cmyk_photograph_looks_like_its_rgb_twin()
    {
        var folder = SharedFolder.Require("images", "formats-pillow");
        Silver.Of(File.ReadAllBytes(Path.Combine(folder, "pil_sample_cmyk.jpg")))
            .Difference(Silver.Of(File.ReadAllBytes(Path.Combine(folder, "pil_sample_rgb.jpg")))).ShouldBeLessThan(25);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0x8080, 128)]
    [InlineData(0xFFFF, 255)]
    public void Sixteen_bits_become_eight(int sample, byte expected)
    {
        using var plain = Drawn.Plain(16, 16, 0, 0, 0);
        using var deep = (plain + sample).Cast(Enums.BandFormat.Ushort).Copy(interpretation: Enums.Interpretation.Rgb16);
        using var grey = deep[0].Copy(interpretation: Enums.Interpretation.Grey16);
        foreach (var file in new[] { deep.As("png"), deep.As("tiff"), grey.As("png"), grey.As("tiff") })
            Silver.Of(file).Pixel(8, 8).ShouldBeNear([expected, expected, expected], 1);
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("tiff")]
    public void Grey_becomes_three_equal_channels(string format)
    {
        using var grey = Drawn.Plain(16, 16, 77);
        Silver.Of(grey.As(format)).Pixel(8, 8).ShouldBeNear([77, 77, 77], 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_palette_is_looked_up(int bits)
    {
        using var halves = Drawn.Each(64, 64, 3, (x, _) => x < 32 ? [255, 0, 0] : [0, 0, 255]);
        var silver = Silver.Of(halves.PngsaveBuffer(palette: true, bitdepth: bits, dither: 0));
        silver.Pixel(12, 32).ShouldBeNear([255, 0, 0], 3);
        silver.Pixel(52, 32).ShouldBeNear([0, 0, 255], 3);
    }

    [Fact]
    public void Measurements_in_floating_point_are_stretched_from_black_to_white()
    {
        using var ramp = Drawn.Each(64, 64, 1, (x, _) => [(byte)(x < 32 ? 0 : 1)]);
        using var metres = (ramp.Cast(Enums.BandFormat.Float) * 1500 - 300).Copy(interpretation: Enums.Interpretation.Bw);
        var silver = Silver.Of(metres.As("tiff"));
        silver.Pixel(8, 32).ShouldBeNear([0, 0, 0], 1);
        silver.Pixel(56, 32).ShouldBeNear([255, 255, 255], 1);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(600)]
    public void A_scanners_extra_bands_are_dropped_and_are_no_transparency(int side)
    {
        using var scan = Drawn.Plain(side, side, 10, 200, 30, 99, 0);
        Silver.Of(scan.As("tiff")).Pixel(8, 8).ShouldBeNear([10, 200, 30], 3);
    }

    [Theory]
    [InlineData("lab-red.tif", 0)]
    [InlineData("lab-green.tif", 1)]
    public void Cielab_is_read(string file, int strongest)
    {
        var silver = Silver.Of(File.ReadAllBytes(SharedFolder.Require("images", "formats-pillow", file)));
        var pixel = silver.Pixel(silver.Width / 2, silver.Height / 2);
        pixel[strongest].ShouldBe(pixel.Max(), string.Join(' ', pixel));
        pixel.Order().ElementAt(1).ShouldBeLessThan(pixel.Max());
    }
}
