using Assay.Classify;
using Assay.Contracts;
using Assay.Platform.Messaging;
using NetVips;
using Shouldly;
using Xunit;

namespace Assay.Tests.Classify;

/// <summary>The resampling that models are trained with elsewhere, beside the library that most of them are trained with.</summary>
public sealed class BilinearResizeTests : IDisposable
{
    private static readonly (int Width, int Height)[] Sides = [(128, 128), (224, 224), (100, 37), (32, 24), (600, 700)];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("assay-bilinear-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(512, 384)]
    [InlineData(383, 512)]
    [InlineData(512, 511)]
    [InlineData(301, 200)]
    [InlineData(512, 3)]
    [InlineData(5, 7)]
    [InlineData(1, 1)]
    public async Task Every_rule_gives_the_pixels_that_Pillow_gives(int width, int height)
    {
        await Tools.RequireAsync(Tools.Python, "-c", "import PIL");
        var jpeg = Path.Combine(folder.FullName, "picture.jpg");
        var file = Picture.Detailed(width, height).Jpeg();
        await File.WriteAllBytesAsync(jpeg, file, TestContext.Current.CancellationToken);
        InputSpecification[] inputs = [.. from rule in Enum.GetValues<ResizeRule>() from side in Sides select To(side.Width, side.Height, rule)];
        string NameOf(InputSpecification input) => $"{input.Resize}:{input.Width}:{input.Height}".ToLowerInvariant();
        string FileOf(InputSpecification input) => Path.Combine(folder.FullName, NameOf(input).Replace(':', '-'));

        await Tools.RunAsync(Tools.Python, [Path.Combine(Repository.Root, "tests", "classify", "bilinear.py"), .. inputs.Select(input => $"{jpeg}:{NameOf(input)}:{FileOf(input)}")]);

        foreach (var input in inputs)
            ImageResizeTests.Decode(file, input).ShouldBe(await File.ReadAllBytesAsync(FileOf(input), TestContext.Current.CancellationToken), NameOf(input));
    }

    [Fact]
    public void A_grey_JPEG_has_three_equal_channels()
    {
        using var grey = Picture.Plain(40, 30, 100).Copy(interpretation: Enums.Interpretation.Bw);
        ImageResizeTests.Decode(grey.Jpeg(), To(10, 8, ResizeRule.Stretch)).ShouldAllBe(value => value == 100);
    }

    [Theory]
    [InlineData(ResizeRule.Pad, 1)]
    [InlineData(ResizeRule.Stretch, 512)]
    public void A_truncated_image_is_corrupt_whether_it_is_reduced_while_decoding_or_not(ResizeRule rule, int side)
    {
        var file = Picture.Detailed(512, 384).Jpeg();
        Should.Throw<InvalidImageException>(() => ImageResizeTests.Decode(file[..(file.Length / 2)], To(side, side, rule))).Reason.ShouldBe(RejectionReason.Corrupt);
    }

    [Fact]
    public void What_is_no_JPEG_is_corrupt_and_nothing_is_empty()
    {
        Should.Throw<InvalidImageException>(() => ImageResizeTests.Decode("not an image"u8.ToArray(), To(8, 8, ResizeRule.Stretch))).Reason.ShouldBe(RejectionReason.Corrupt);
        Should.Throw<InvalidImageException>(() => ImageResizeTests.Decode([], To(8, 8, ResizeRule.Stretch))).Reason.ShouldBe(RejectionReason.Empty);
    }

    private static InputSpecification To(int width, int height, ResizeRule rule) =>
        PackageFolder.TinyInput with { Width = width, Height = height, Resize = rule, Resampling = Resampling.Bilinear };
}
