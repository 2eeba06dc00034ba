using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Assay.Classify;

/// <summary>
/// What the model's input is made of: the <c>input</c> section of model.json. <see cref="ImageResize"/> follows width, height and resize rule,
/// <see cref="ImageTensor"/> the rest.
/// </summary>
/// <param name="Name">The name of the ONNX graph's only input.</param>
/// <param name="Width">Pixels, 1 to 4096.</param>
/// <param name="Height">Pixels, 1 to 4096.</param>
/// <param name="Layout">The order of the tensor's dimensions; the batch is always 1.</param>
/// <param name="Type">The type of the tensor's elements.</param>
/// <param name="Channels">The order of the tensor's three colour channels.</param>
/// <param name="Scale">What a pixel value (0 to 255) is multiplied with first: 1/255 for a range of 0 to 1.</param>
/// <param name="Mean">Three numbers in the tensor's channel order, subtracted after scaling.</param>
/// <param name="Std">Three numbers in the tensor's channel order, divided by last; none is 0.</param>
/// <param name="Resize">How an image becomes width × height.</param>
/// <param name="Resampling">What each pixel of that is made of; not written where it is the default.</param>
public sealed record InputSpecification(
    string Name,
    int Width,
    int Height,
    TensorLayout Layout,
    TensorElement Type,
    ChannelOrder Channels,
    double Scale,
    IReadOnlyList<double> Mean,
    IReadOnlyList<double> Std,
    ResizeRule Resize,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Resampling Resampling = Resampling.Lanczos)
{
    /// <summary>The tensor's shape, e.g. <c>[1, 3, 224, 224]</c>.</summary>
    [JsonIgnore]
    public long[] Shape => Layout == TensorLayout.Nchw ? [1, 3, Height, Width] : [1, Height, Width, 3];
}

/// <summary>The order of a tensor's dimensions.</summary>
public enum TensorLayout
{
    /// <summary>Batch, channels, height, width: one plane after the other.</summary>
    [JsonStringEnumMemberName("NCHW")]
    Nchw,

    /// <summary>Batch, height, width, channels: pixel by pixel.</summary>
    [JsonStringEnumMemberName("NHWC")]
    Nhwc,
}

/// <summary>The type of a tensor's elements.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "ONNX's own names of its types.")]
public enum TensorElement
{
    /// <summary>32-bit floating point.</summary>
    [JsonStringEnumMemberName("float32")]
    Float32,

    /// <summary>16-bit floating point (IEEE half).</summary>
    [JsonStringEnumMemberName("float16")]
    Float16,
}

/// <summary>The order of a tensor's colour channels.</summary>
public enum ChannelOrder
{
    /// <summary>Red first.</summary>
    [JsonStringEnumMemberName("RGB")]
    Rgb,

    /// <summary>Blue first, as Caffe and OpenCV have it.</summary>
    [JsonStringEnumMemberName("BGR")]
    Bgr,
}

/// <summary>How an image becomes the model's width × height.</summary>
public enum ResizeRule
{
    /// <summary>Both sides to size, whatever the aspect ratio becomes.</summary>
    [JsonStringEnumMemberName("stretch")]
    Stretch,

    /// <summary>The shorter side to size, the middle kept, the rest cut off.</summary>
    [JsonStringEnumMemberName("crop")]
    Crop,

    /// <summary>The longer side to size, centred, white around it.</summary>
    [JsonStringEnumMemberName("pad")]
    Pad,
}

/// <summary>What a pixel of the model's input is made of.</summary>
public enum Resampling
{
    /// <summary>The default: the image is decoded at full size, then libvips' <c>thumbnail_image</c> with its Lanczos kernel.</summary>
    [JsonStringEnumMemberName("lanczos")]
    Lanczos,

    /// <summary>
    /// As Pillow's <c>draft</c> and <c>resize(BILINEAR)</c>, to the bit: the JPEG is decoded at 1/1, 1/2, 1/4 or 1/8 of its size, the smallest that is not below what is needed; what
    /// does not fill a whole pixel at its right and lower edge is cut off; then a triangle as wide as the reduction weights the pixels. It takes half to a quarter of the processor time.
    /// </summary>
    [JsonStringEnumMemberName("bilinear")]
    Bilinear,
}
