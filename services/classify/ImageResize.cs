using System.Buffers;
using System.Runtime.InteropServices;
using Assay.Contracts;
using Assay.Platform.Messaging;
using Assay.Platform.Pixels;
using NetVips;

namespace Assay.Classify;

/// <summary>An image → exactly the model's width × height in RGB, as <see cref="ResizeRule"/> and <see cref="Resampling"/> say. Serving and training use the same.</summary>
public static class ImageResize
{
    private const byte White = 255;

    // Of the bands of rows that are fetched at a time: each is an array, and from 85 kB on arrays are collected last of all.
    private const int BandBytes = 80_000;

    /// <summary>Decodes and resizes.</summary>
    /// <param name="file">A whole image file: of gold, so an upright sRGB JPEG.</param>
    /// <param name="input">Width, height, resize rule and resampling.</param>
    /// <param name="rgb">Where the pixels go, row by row, red, green and blue interleaved; <see cref="ImageTensor.Length"/> bytes.</param>
    /// <exception cref="InvalidImageException">The file is empty or does not decode to its end.</exception>
    public static void Decode(ReadOnlyMemory<byte> file, InputSpecification input, byte[] rgb)
    {
        if (file.IsEmpty)
            throw new InvalidImageException(RejectionReason.Empty, "The image has no bytes.");
        Vips.Prepare();
        try
        {
            if (input.Resampling == Resampling.Bilinear)
                Bilinear(ArrayOf(file), input, rgb);
            else
                Lanczos(file.Span, input, rgb);
        }
        catch (VipsException e)
        {
            throw new InvalidImageException(RejectionReason.Corrupt, $"The image does not decode: {e.Message.Trim()}", e);
        }
    }

    private static byte[] ArrayOf(ReadOnlyMemory<byte> file) =>
        MemoryMarshal.TryGetArray(file, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length ? segment.Array : file.ToArray();

    // Shrinking while decoding (thumbnail_buffer, the JPEG loader's shrink) gives other pixels, so this must not use it.
    private static void Lanczos(ReadOnlySpan<byte> file, InputSpecification input, byte[] rgb)
    {
        using var image = Image.NewFromBuffer(file, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
        using var opaque = OpaqueSrgb(image);
        using var resized = Thumbnail(opaque, input);
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

    private static Image Thumbnail(Image opaque, InputSpecification input)
    {
        if (input.Resize == ResizeRule.Stretch)
            return opaque.ThumbnailImage(input.Width, height: input.Height, size: Enums.Size.Force);
        if (input.Resize == ResizeRule.Crop)
            return opaque.ThumbnailImage(input.Width, height: input.Height, crop: Enums.Interesting.Centre);
        using var inside = opaque.ThumbnailImage(input.Width, height: input.Height);
        return inside.Gravity(Enums.CompassDirection.Centre, input.Width, input.Height, extend: Enums.Extend.Background, background: [White, White, White]);
    }

    private static Image OpaqueSrgb(Image image)
    {
        using var srgb = image is { Interpretation: Enums.Interpretation.Srgb, Bands: >= 3 } ? image.Copy() : image.Colourspace(Enums.Interpretation.Srgb);
        return srgb.HasAlpha() ? srgb.Flatten([White, White, White]) : srgb.Copy();
    }

    private static void Bilinear(byte[] jpeg, InputSpecification input, byte[] rgb)
    {
        using var image = Open(jpeg, 1);
        // Of a thin image something must be left: what does not fill a whole pixel at the edge is cut off.
        var reduction = Math.Min(Scale(image.Width, image.Height, input), Math.Min(image.Width, image.Height)) switch { >= 8 => 8, >= 4 => 4, >= 2 => 2, _ => 1 };
        using var reduced = reduction == 1 ? null : Open(jpeg, reduction);
        var decoded = reduced ?? image;
        var (width, height) = (decoded.Width, decoded.Height);

        // One byte more: pixels are read four bytes at a time.
        var pixels = ArrayPool<byte>.Shared.Rent(3 * width * height + 1);
        try
        {
            Fetch(decoded, pixels);
            var scale = Scale(width, height, input);
            if (input.Resize == ResizeRule.Pad)
            {
                var (columns, rows) = (Inside(width, scale, input.Width), Inside(height, scale, input.Height));
                var (left, top) = ((input.Width - columns) / 2, (input.Height - rows) / 2);
                Array.Fill(rgb, White);
                BilinearResize.Apply(pixels, width, height, new(0, 0, width, height), rgb.AsSpan(3 * (input.Width * top + left)), 3 * input.Width, columns, rows);
                return;
            }
            var (kept, high) = input.Resize == ResizeRule.Crop ? (Math.Min(input.Width * scale, width), Math.Min(input.Height * scale, height)) : (width, height);
            var (x, y) = ((width - kept) / 2, (height - high) / 2);
            BilinearResize.Apply(pixels, width, height, new((float)x, (float)y, (float)(x + kept), (float)(y + high)), rgb, 3 * input.Width, input.Width, input.Height);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }

    // How many pixels of the image become one.
    private static double Scale(int width, int height, InputSpecification input)
    {
        var (across, down) = ((double)width / input.Width, (double)height / input.Height);
        return input.Resize == ResizeRule.Pad ? Math.Max(across, down) : Math.Min(across, down);
    }

    private static int Inside(int length, double scale, int most) => Math.Clamp((int)Math.Round(length / scale), 1, most);

    private static Image Open(byte[] jpeg, int reduction) =>
        Image.JpegloadBuffer(jpeg, shrink: reduction, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);

    // A region is computed by the thread that asks for it; writing the whole image to memory would wake another, which costs as much as decoding.
    private static void Fetch(Image image, byte[] pixels)
    {
        using var srgb = image is { Interpretation: Enums.Interpretation.Srgb, Bands: 3 } ? null : OpaqueSrgb(image);
        using var region = Region.New(srgb ?? image);
        var rows = Math.Max(1, BandBytes / (3 * image.Width));
        for (int top = 0, at = 0; top < image.Height; top += rows)
        {
            var band = region.Fetch(0, top, image.Width, Math.Min(rows, image.Height - top));
            band.CopyTo(pixels, at);
            at += band.Length;
        }
    }
}
