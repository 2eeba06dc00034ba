using Assay.Preprocess.Formats;
using NetVips;

namespace Assay.Preprocess.Decoding;

/// <summary>libvips: everything that it reads well. Pixels stream from the file; what goes wrong shows when they are pulled.</summary>
internal sealed class VipsDecoder : IImageDecoder
{
    private const int MostReduction = 8;

    // A decoder's "error" fails, its "warning" (odd metadata, spare bytes) does not; cut-off data counts as an error.
    private const Enums.FailOn Strictness = Enums.FailOn.Error;

    public IReadOnlySet<ImageFormat> Formats { get; } =
        new HashSet<ImageFormat> { ImageFormat.Jpeg, ImageFormat.Png, ImageFormat.Webp, ImageFormat.Gif, ImageFormat.Tiff, ImageFormat.Avif };

    public ImageHeader ReadHeader(byte[] file, ImageFormat format, int maxSide)
    {
        try
        {
            using var source = Source.NewFromMemory(file);
            using var image = Load(source, format, reduction: 1);
            var frames = image.Contains("n-pages") ? Math.Max(1, (int)image.Get("n-pages")) : 1;
            var reduction = ReducesWell(image, format, frames) ? Reduction.For(image.Width, image.Height, maxSide, MostReduction) : 1;
            return new(
                image.Width,
                image.Height,
                frames,
                image.Contains("orientation") ? (int)image.Get("orientation") : 1,
                reduction,
                DecodeMemory.OfVips(image, format, reduction, maxSide));
        }
        catch (VipsException e)
        {
            throw Damage.Found(file, format, e);
        }
    }

    public DecodedImage Decode(byte[] file, ImageFormat format, ImageHeader header, CancellationToken stop)
    {
        // libvips reads from our array, which must stay where it is until the pixels have been computed.
        var source = Source.NewFromMemory(file);
        try
        {
            return new(Load(source, format, header.Reduction), source);
        }
        catch (VipsException e)
        {
            source.Dispose();
            throw Damage.Found(file, format, e);
        }
    }

    // WebP's decoder does not weigh colours by their alpha, and counts frames in full size.
    private static bool ReducesWell(Image image, ImageFormat format, int frames) =>
        format == ImageFormat.Jpeg || (format == ImageFormat.Webp && frames == 1 && !image.HasAlpha());

    // The loader is named, never guessed by libvips: what the sniffer said is what decodes.
    private static Image Load(Source source, ImageFormat format, int reduction) => format switch
    {
        ImageFormat.Jpeg => Image.JpegloadSource(source, shrink: reduction, access: Enums.Access.Sequential, failOn: Strictness),
        ImageFormat.Png => Image.PngloadSource(source, access: Enums.Access.Sequential, failOn: Strictness),
        ImageFormat.Webp => Image.WebploadSource(source, scale: 1.0 / reduction, access: Enums.Access.Sequential, failOn: Strictness),
        ImageFormat.Gif => Image.GifloadSource(source, access: Enums.Access.Sequential, failOn: Strictness),
        ImageFormat.Tiff => Image.TiffloadSource(source, access: Enums.Access.Sequential, failOn: Strictness),
        ImageFormat.Avif => Image.HeifloadSource(source, access: Enums.Access.Sequential, failOn: Strictness),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "libvips does not read this format here."),
    };
}
