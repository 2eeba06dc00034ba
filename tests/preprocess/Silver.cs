using System.Reflection;
using Assay.Contracts;
using Assay.Platform.Messaging;
using Assay.Preprocess;
using NetVips;
using Shouldly;

namespace Assay.Tests.Preprocess;

/// <summary>The transform under test, and ways to look at what it made.</summary>
internal static class Silver
{
    /// <summary>Every reason code that there is.</summary>
    public static IReadOnlySet<string> Reasons { get; } =
        typeof(RejectionReason).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetValue(null)!).ToHashSet();

    public static SilverImage Of(byte[] original, PreprocessOptions? options = null) =>
        new SilverTransform(options ?? new()).Apply(original, CancellationToken.None);

    public static InvalidImageException Refusal(byte[] original, PreprocessOptions? options = null) =>
        Should.Throw<InvalidImageException>(() => Of(original, options));

    /// <summary>The silver image's bytes, three a pixel.</summary>
    public static byte[] Pixels(this SilverImage silver)
    {
        using var image = Image.JpegloadBuffer(silver.Jpeg.ToArray());
        image.Bands.ShouldBe(3);
        return image.WriteToMemory<byte>();
    }

    /// <summary>One pixel; JPEG blurs, so ask in the middle of something plain.</summary>
    public static byte[] Pixel(this SilverImage silver, int x, int y) => silver.Pixels().AsSpan((y * silver.Width + x) * 3, 3).ToArray();

    /// <summary>By how much the samples of two silver images differ, on average, 0 to 255. They must be of one size.</summary>
    public static double Difference(this SilverImage one, SilverImage other)
    {
        (one.Width, one.Height).ShouldBe((other.Width, other.Height));
        return one.Pixels().Zip(other.Pixels(), (a, b) => Math.Abs(a - b)).Average();
    }

    /// <summary>Each channel within <paramref name="tolerance"/> of what is expected.</summary>
    public static void ShouldBeNear(this byte[] pixel, byte[] expected, int tolerance) =>
        pixel.Zip(expected, (a, b) => Math.Abs(a - b)).Max()
            .ShouldBeLessThanOrEqualTo(tolerance, $"{string.Join(' ', pixel)} instead of {string.Join(' ', expected)}");
}
