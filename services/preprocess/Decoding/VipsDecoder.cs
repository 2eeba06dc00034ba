using Assay.Preprocess.Formats;
using NetVips;

namespace Assay.Preprocess.Decoding;

/// <summary>libvips: everything that it reads well. Pixels stream from the file; what goes wrong shows when they are pulled.</summary>
internal sealed class VipsDecoder : IImageDecoder
{
    // JPEG decodes to 1/8, 1/4 or 1/2 size in a fraction of the time. Kept at least 1.25 × larger than the target, so that the resize still averages.
    private const double Margin = 1.25;

    private const int ThinSide = 64;

    // A decoder's "error" fails, its "warning" (odd metadata, spare bytes) does not; cut-off data counts as an error.
    private const Enums.FailOn Strictness = Enums.FailOn.Error;

    public IReadOnlySet<ImageFormat> Formats { get; } =
        new HashSet<ImageFormat> { ImageFormat.Jpeg, ImageFormat.Png, ImageFormat.Webp, ImageFormat.Gif, ImageFormat.Tiff, ImageFormat.Avif };

    public ImageHeader ReadHeader(byte[] file, ImageFormat format)
    {
        try
        {
            using var image = Load(file, format, shrink: 1);
            var interlaced = image.Contains("interlaced") && (int)image.Get("interlaced") != 0;
            return new(
                image.Width,
                image.Height,
                image.Contains("n-pages") ? Math.Max(1, (int)image.Get("n-pages")) : 1,
                image.Contains("orientation") ? (int)image.Get("orientation") : 1,
                interlaced || format is ImageFormat.Webp or ImageFormat.Gif or ImageFormat.Avif);
        }
        catch (VipsException e)
        {
            throw Damage.Found(file, format, e);
        }
    }

    public DecodedImage Decode(byte[] file, ImageFormat format, ImageHeader header, int maxSide, CancellationToken stop)
    {
        // So thin that the decoder's own rounding would lose it: a line of one pixel has no eighth.
        var isThin = Math.Min(header.Width, header.Height) < ThinSide;
        var shrink = (Math.Max(header.Width, header.Height) / (double)maxSide) switch
        {
            _ when isThin => 1,
            >= 8 * Margin => 8,
            >= 4 * Margin => 4,
            >= 2 * Margin => 2,
            _ => 1,
        };
        try
        {
            return new(Load(file, format, shrink));
        }
        catch (VipsException e)
        {
            throw Damage.Found(file, format, e);
        }
    }

    // The loader is named, never guessed by libvips: what the sniffer said is what decodes.
    private static Image Load(byte[] file, ImageFormat format, int shrink) => format switch
    {
        ImageFormat.Jpeg => Image.JpegloadBuffer(file, shrink: shrink, access: Enums.Access.Sequential, failOn: Strictness),
        ImageFormat.Png => Image.PngloadBuffer(file, access: Enums.Access.Sequential, failOn: Strictness),
        ImageFormat.Webp => Image.WebploadBuffer(file, access: Enums.Access.Sequential, failOn: Strictness),
        ImageFormat.Gif => Image.GifloadBuffer(file, access: Enums.Access.Sequential, failOn: Strictness),
        ImageFormat.Tiff => Image.TiffloadBuffer(file, access: Enums.Access.Sequential, failOn: Strictness),
        ImageFormat.Avif => Image.HeifloadBuffer(file, access: Enums.Access.Sequential, failOn: Strictness),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "libvips does not read this format here."),
    };
}
