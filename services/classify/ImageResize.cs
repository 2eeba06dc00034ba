using System.Runtime.InteropServices;
using Assay.Contracts;
using Assay.Platform.Messaging;
using Assay.Platform.Pixels;
using NetVips;

namespace Assay.Classify;

/// <summary>
/// An image → exactly the model's width × height in RGB. The rule: decode at full size, then libvips' <c>thumbnail_image</c>. Shrinking while
/// decoding (<c>thumbnail_buffer</c>, the JPEG loader's <c>shrink</c>) gives other pixels, so neither serving nor training may use it.
/// </summary>
public static class ImageResize
{
    private static readonly double[] White = [255, 255, 255];

    /// <summary>Decodes and resizes.</summary>
    /// <param name="file">A whole image file: of gold, so an upright sRGB JPEG.</param>
    /// <param name="input">Width, height and resize rule.</param>
    /// <param name="rgb">Where the pixels go, row by row, red, green and blue interleaved; <see cref="ImageTensor.Length"/> bytes.</param>
    /// <exception cref="InvalidImageException">The file is empty or does not decode to its end.</exception>
    public static void Decode(ReadOnlySpan<byte> file, InputSpecification input, byte[] rgb)
    {
        if (file.IsEmpty)
            throw new InvalidImageException(RejectionReason.Empty, "The image has no bytes.");
        Vips.Prepare();
        try
        {
            using var image = Image.NewFromBuffer(file, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
            using var resized = Apply(image, input);
            // NetVips' own WriteToMemory<T> would make a new array of up to some hundred kilobytes for every image.
            var memory = resized.WriteToMemory(out var bytes);
            try
            {
                Marshal.Copy(memory, rgb, 0, checked((int)bytes));
            }
            finally
            {
                NetVips.NetVips.Free(memory);
            }
        }
        catch (VipsException e)
        {
            throw new InvalidImageException(RejectionReason.Corrupt, $"The image does not decode: {e.Message.Trim()}", e);
        }
    }

    /// <summary>Resizes a decoded image of any colour space; the caller disposes the result.</summary>
    /// <param name="image">The image; transparency becomes white.</param>
    /// <param name="input">Width, height and resize rule.</param>
    public static Image Apply(Image image, InputSpecification input)
    {
        using var srgb = image is { Interpretation: Enums.Interpretation.Srgb, Bands: >= 3 } ? image.Copy() : image.Colourspace(Enums.Interpretation.Srgb);
        using var opaque = srgb.HasAlpha() ? srgb.Flatten(White) : srgb.Copy();
        if (input.Resize == ResizeRule.Stretch)
            return opaque.ThumbnailImage(input.Width, height: input.Height, size: Enums.Size.Force);
        if (input.Resize == ResizeRule.Crop)
            return opaque.ThumbnailImage(input.Width, height: input.Height, crop: Enums.Interesting.Centre);
        using var inside = opaque.ThumbnailImage(input.Width, height: input.Height);
        return inside.Gravity(Enums.CompassDirection.Centre, input.Width, input.Height, extend: Enums.Extend.Background, background: White);
    }
}
