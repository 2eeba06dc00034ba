using Assay.Classify;
using Shouldly;
using Xunit;

namespace Assay.Tests.Classify;

public sealed class ImageTensorTests
{
    // Two pixels: (1, 2, 3) and (4, 5, 6).
    private static readonly byte[] Rgb = [1, 2, 3, 4, 5, 6];
    private static readonly InputSpecification Plain = PackageFolder.TinyInput with { Width = 2, Height = 1, Scale = 1 };

    [Theory]
    [InlineData(TensorLayout.Nchw, ChannelOrder.Rgb, new float[] { 1, 4, 2, 5, 3, 6 })]
    [InlineData(TensorLayout.Nchw, ChannelOrder.Bgr, new float[] { 3, 6, 2, 5, 1, 4 })]
    [InlineData(TensorLayout.Nhwc, ChannelOrder.Rgb, new float[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(TensorLayout.Nhwc, ChannelOrder.Bgr, new float[] { 3, 2, 1, 6, 5, 4 })]
    public void Layout_and_channel_order_say_where_a_value_goes(TensorLayout layout, ChannelOrder channels, float[] expected)
    {
        var input = Plain with { Layout = layout, Channels = channels };
        var tensor = new float[6];
        var halves = new Half[6];
        ImageTensor.Fill(Rgb, input, tensor);
        ImageTensor.Fill(Rgb, input, halves);
        tensor.ShouldBe(expected);
        halves.Select(half => (float)half).ShouldBe(expected);
    }

    [Fact]
    public void Scale_mean_and_std_belong_to_the_channels_of_the_tensor()
    {
        var input = Plain with { Scale = 0.5, Mean = [1, 2, 3], Std = [1, 2, 4], Channels = ChannelOrder.Bgr };
        var tensor = new float[6];
        ImageTensor.Fill(Rgb, input, tensor);
        // Blue 3 and 6 with the first mean and std, green 2 and 5 with the second, red 1 and 4 with the third.
        tensor.ShouldBe([0.5f, 2f, -0.5f, 0.25f, -0.625f, -0.25f]);
    }

    [Fact]
    public void Every_pixel_value_is_the_formula_rounded_once()
    {
        var input = Plain with { Width = 256, Scale = 1 / 255.0, Mean = [0.485, 0.456, 0.406], Std = [0.229, 0.224, 0.225] };
        var rgb = Enumerable.Range(0, 256).SelectMany(value => new[] { (byte)value, (byte)value, (byte)value }).ToArray();
        var tensor = new float[768];
        ImageTensor.Fill(rgb, input, tensor);
        tensor.ShouldBe(Enumerable.Range(0, 768).Select(i => (float)(((i & 255) * input.Scale - input.Mean[i >> 8]) / input.Std[i >> 8])));
    }

    [Theory]
    [InlineData(5, 6)]
    [InlineData(6, 7)]
    public void Spans_of_another_length_are_a_mistake_of_the_caller(int pixels, int elements) =>
        Should.Throw<ArgumentException>(() => ImageTensor.Fill(new byte[pixels], Plain, new float[elements]));
}
