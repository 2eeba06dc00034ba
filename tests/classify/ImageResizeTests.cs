using Assay.Classify;
using Assay.Contracts;
using Assay.Platform.Messaging;
using NetVips;
using Shouldly;
using Xunit;

namespace Assay.Tests.Classify;

public sealed class ImageResizeTests
{
    private static InputSpecification To(int width, int height, ResizeRule rule) => PackageFolder.TinyInput with { Width = width, Height = height, Resize = rule };

    internal static byte[] Decode(byte[] file, InputSpecification input)
    {
        var rgb = new byte[ImageTensor.Length(input)];
        ImageResize.Decode(file, input, rgb);
        return rgb;
    }

    private static byte[] Pixel(byte[] rgb, InputSpecification input, int x, int y) => rgb[((y * input.Width + x) * 3)..((y * input.Width + x) * 3 + 3)];

    [Fact]
    public void The_rule_is_decode_at_full_size_then_thumbnail()
    {
        var input = To(64, 48, ResizeRule.Stretch);
        var file = Picture.Detailed(512, 384).Jpeg();
        using var decoded = Image.NewFromBuffer(file);
        using var expected = decoded.ThumbnailImage(64, height: 48, size: Enums.Size.Force);
        using var shrunkOnLoad = Image.ThumbnailBuffer(file, 64, height: 48, size: Enums.Size.Force);

        Decode(file, input).ShouldBe(expected.WriteToMemory<byte>());
        Decode(file, input).ShouldNotBe(shrunkOnLoad.WriteToMemory<byte>());
    }

    [Theory]
    [InlineData(512, 300)]
    [InlineData(300, 512)]
    [InlineData(5, 4)]
    [InlineData(512, 1)]
    [InlineData(1, 512)]
    public void Every_rule_fills_exactly_the_models_size(int width, int height)
    {
        var file = Picture.Plain(width, height, Picture.Red).Jpeg();
        foreach (var rule in Enum.GetValues<ResizeRule>())
        {
            var input = To(32, 24, rule);
            Pixel(Decode(file, input), input, 16, 12)[0].ShouldBeGreaterThan((byte)200, rule.ToString());
        }
    }

    [Fact]
    public void Stretch_keeps_both_ends()
    {
        var input = To(30, 30, ResizeRule.Stretch);
        var rgb = Decode(RedWhiteBlue(), input);
        Pixel(rgb, input, 0, 15).ShouldBe([254, 0, 0]);
        Pixel(rgb, input, 29, 15).ShouldBe([0, 0, 254]);
    }

    [Fact]
    public void Crop_keeps_the_middle_and_cuts_the_ends_off()
    {
        var input = To(30, 30, ResizeRule.Crop);
        var rgb = Decode(RedWhiteBlue(), input);
        Pixel(rgb, input, 2, 15).ShouldAllBe(value => value > 240);
        Pixel(rgb, input, 27, 15).ShouldAllBe(value => value > 240);
    }

    [Fact]
    public void Pad_keeps_all_and_puts_white_around()
    {
        var input = To(30, 30, ResizeRule.Pad);
        var rgb = Decode(Picture.Plain(90, 30, Picture.Blue).Jpeg(), input);
        Pixel(rgb, input, 15, 0).ShouldBe([255, 255, 255]);
        Pixel(rgb, input, 15, 29).ShouldBe([255, 255, 255]);
        Pixel(rgb, input, 0, 15)[0].ShouldBeLessThan((byte)10);
        Pixel(rgb, input, 29, 15)[0].ShouldBeLessThan((byte)10);
    }

    [Fact]
    public void Transparency_becomes_white_and_grey_three_equal_channels()
    {
        var input = To(8, 8, ResizeRule.Stretch);
        using var transparent = Picture.Plain(20, 20, 0, 0, 0, 0);
        using var grey = Picture.Plain(20, 20, 100).Copy(interpretation: Enums.Interpretation.Bw);
        Decode(transparent.PngsaveBuffer(), input).ShouldAllBe(value => value == 255);
        Decode(grey.PngsaveBuffer(), input).ShouldAllBe(value => value == 100);
    }

    [Fact]
    public void A_truncated_image_is_corrupt_not_half_grey()
    {
        var file = Picture.Detailed(512, 384).Jpeg();
        Should.Throw<InvalidImageException>(() => Decode(file[..(file.Length / 2)], To(8, 8, ResizeRule.Stretch))).Reason.ShouldBe(RejectionReason.Corrupt);
    }

    [Fact]
    public void Text_is_corrupt_and_nothing_is_empty()
    {
        Should.Throw<InvalidImageException>(() => Decode("not an image"u8.ToArray(), To(8, 8, ResizeRule.Stretch))).Reason.ShouldBe(RejectionReason.Corrupt);
        Should.Throw<InvalidImageException>(() => Decode([], To(8, 8, ResizeRule.Stretch))).Reason.ShouldBe(RejectionReason.Empty);
    }

    private static byte[] RedWhiteBlue()
    {
        using var left = Picture.Plain(32, 32, Picture.Red);
        using var middle = Picture.Plain(32, 32, 255, 255, 255);
        using var right = Picture.Plain(32, 32, Picture.Blue);
        return Image.Arrayjoin([left, middle, right], across: 3).JpegsaveBuffer(q: 100, subsampleMode: Enums.ForeignSubsample.Off);
    }
}
