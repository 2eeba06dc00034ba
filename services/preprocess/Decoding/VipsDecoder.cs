using Assay.Contracts;
using Assay.Platform.Messaging;
using Assay.Platform.Pixels;
using Assay.Preprocess.Formats;
using NetVips;

namespace Assay.Preprocess.Decoding;

/// <summary>libvips: everything that it reads well. Pixels stream from the file; what goes wrong shows when they are pulled.</summary>
internal sealed class VipsDecoder : IImageDecoder
{
    private const int MostReduction = 8;

    // Cut-off data counts as an error. Only libjpeg's warnings may mean damage, too: see JpegWarnings.
    private const Enums.FailOn Strict = Enums.FailOn.Warning, Tolerant = Enums.FailOn.Error;

    // libvips makes a list of all frames when it opens a GIF, some 64 bytes each, however many there are.
    private const int MostFrameMarks = 1_000_000;
    private const byte FrameMark = 0x2C;

    public IReadOnlySet<ImageFormat> Formats { get; } =
        new HashSet<ImageFormat> { ImageFormat.Jpeg, ImageFormat.Png, ImageFormat.Webp, ImageFormat.Gif, ImageFormat.Tiff, ImageFormat.Avif };

    public ImageHeader ReadHeader(byte[] file, ImageFormat format, int maxSide)
    {
        try
        {
            RequireFewFrameMarks(file, format);
            using var source = Source.NewFromMemory(Input(file, format));
            using var image = Load(source, format, reduction: 1, Tolerant);
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
        var source = Source.NewFromMemory(Input(file, format));
        try
        {
            return new(Load(source, format, header.Reduction, header.WarningsAreHarmless ? Tolerant : Strict), source);
        }
        catch (VipsException)
        {
            source.Dispose();
            throw;
        }
    }

    // WebP's decoder does not weigh colours by their alpha, and counts frames in full size.
    private static bool ReducesWell(Image image, ImageFormat format, int frames) =>
        format == ImageFormat.Jpeg || (format == ImageFormat.Webp && frames == 1 && !image.HasAlpha());

    private static byte[] Input(byte[] file, ImageFormat format) => format == ImageFormat.Png ? PngChunks.WithoutTextBombs(file) : file;

    // Every frame begins with the mark, but not every such byte begins a frame: ordinary files have one in 256.
    private static void RequireFewFrameMarks(byte[] file, ImageFormat format)
    {
        if (format == ImageFormat.Gif && file.AsSpan().Count(FrameMark) > MostFrameMarks)
            throw new InvalidImageException(RejectionReason.TooManyFrames, $"The animation has more than {MostFrameMarks:N0} marks where frames may begin.");
    }

    // The loader is named, never guessed by libvips: what the sniffer said is what decodes.
    private static Image Load(Source source, ImageFormat format, int reduction, Enums.FailOn jpeg) => format switch
    {
        ImageFormat.Jpeg => Image.JpegloadSource(source, shrink: reduction, access: Enums.Access.Sequential, failOn: jpeg),
        ImageFormat.Png => Image.PngloadSource(source, access: Enums.Access.Sequential, failOn: Tolerant),
        ImageFormat.Webp => Image.WebploadSource(source, scale: 1.0 / reduction, access: Enums.Access.Sequential, failOn: Tolerant),
        ImageFormat.Gif => Image.GifloadSource(source, access: Enums.Access.Sequential, failOn: Tolerant),
        ImageFormat.Tiff => Image.TiffloadSource(source, access: Enums.Access.Sequential, failOn: Tolerant),
        ImageFormat.Avif => Image.HeifloadSource(source, access: Enums.Access.Sequential, failOn: Tolerant),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "libvips does not read this format here."),
    };
}
