using Assay.Contracts;
using Assay.Platform.Messaging;
using Assay.Preprocess.Formats;
using ImageMagick;
using NetVips;

namespace Assay.Preprocess.Decoding;

/// <summary>ImageMagick, only for what the bundled libvips cannot decode. It decodes at once and as a whole.</summary>
internal sealed class MagickDecoder : IImageDecoder
{
    public IReadOnlySet<ImageFormat> Formats { get; } =
        new HashSet<ImageFormat> { ImageFormat.Heic, ImageFormat.Bmp, ImageFormat.JpegXl, ImageFormat.Jp2, ImageFormat.J2k, ImageFormat.UncommonTiff };

    static MagickDecoder()
    {
        // No spilling to disk, no second thread beside the one that a core has.
        ResourceLimits.Disk = 0;
        ResourceLimits.Thread = 1;
        ResourceLimits.Width = 65_535;
        ResourceLimits.Height = 65_535;
    }

    public ImageHeader ReadHeader(byte[] file, ImageFormat format)
    {
        try
        {
            using var image = new MagickImage();
            image.Ping(file, Settings(format));
            return new((int)image.Width, (int)image.Height, Frames: 1, OrientationOf(image, format), HeldWhole: true);
        }
        catch (MagickException e)
        {
            throw Damage.Found(file, format, e);
        }
    }

    public DecodedImage Decode(byte[] file, ImageFormat format, ImageHeader header, int maxSide, CancellationToken stop)
    {
        var image = new MagickImage();
        try
        {
            image.Progress += (_, progress) => progress.Cancel = stop.IsCancellationRequested;
            image.Read(file, Settings(format));
            RequireWhole(image, header);
            if (format == ImageFormat.Bmp && Bitmap.HasSpareByte(file))
                image.Alpha(AlphaAction.Off);
            return Lend(image, header);
        }
        catch (MagickException e)
        {
            image.Dispose();
            throw Damage.Found(file, format, e);
        }
        catch (InvalidImageException)
        {
            image.Dispose();
            throw;
        }
    }

    // A JPEG 2000 image that does not begin at the corner of its canvas loses its right and lower edge here, and ImageMagick does not say so.
    private static void RequireWhole(MagickImage image, ImageHeader header)
    {
        if (image.Width != header.Width || image.Height != header.Height)
        {
            throw new InvalidImageException(RejectionReason.UnsupportedFormat,
                $"The image is {header.Width:N0} × {header.Height:N0} pixels but decodes to {image.Width:N0} × {image.Height:N0}, "
                + "a variant of its format that Assay does not read. Convert it to JPEG, PNG, WebP, TIFF, AVIF or HEIC.");
        }
    }

    // TIFF and JPEG XL come as they are stored. HEIF has been turned already, and what EXIF says there must not be done again.
    private static int OrientationOf(MagickImage image, ImageFormat format) =>
        format is ImageFormat.UncommonTiff or ImageFormat.JpegXl ? Math.Max(1, (int)image.Orientation) : 1;

    // libvips works on ImageMagick's own memory: a phone's 48 megapixels need not be there twice.
    private static DecodedImage Lend(MagickImage image, ImageHeader header)
    {
        if (image.ColorSpace is not (ColorSpace.sRGB or ColorSpace.Gray or ColorSpace.CMYK))
            image.ColorSpace = ColorSpace.sRGB;
        // A palette's index would be one more channel behind the colours, and pass for transparency.
        image.ClassType = ClassType.Direct;
        var bands = (int)image.ChannelCount;
        using var memory = image.GetPixelsUnsafe();
        var bytes = (ulong)image.Width * image.Height * (ulong)bands;
        var address = memory.GetAreaPointer(0, 0, image.Width, image.Height);
        using var pixels = Image.NewFromMemory(address, bytes, (int)image.Width, (int)image.Height, bands, Enums.BandFormat.Uchar);
        var profile = image.GetColorProfile()?.ToByteArray();
        var interpretation = image.ColorSpace switch
        {
            ColorSpace.CMYK => Enums.Interpretation.Cmyk,
            ColorSpace.Gray => Enums.Interpretation.Bw,
            _ => Enums.Interpretation.Srgb,
        };
        using var typed = pixels.Copy(interpretation: interpretation);
        return new(typed.Mutate(fields =>
        {
            fields.Set(GValue.GIntType, "orientation", header.Orientation);
            if (profile is not null)
                fields.Set(GValue.BlobType, "icc-profile-data", profile);
        }), image);
    }

    private static MagickReadSettings Settings(ImageFormat format) => new()
    {
        FrameIndex = 0,
        FrameCount = 1,
        Format = format switch
        {
            ImageFormat.Heic => MagickFormat.Heic,
            ImageFormat.Bmp => MagickFormat.Bmp,
            ImageFormat.JpegXl => MagickFormat.Jxl,
            ImageFormat.Jp2 => MagickFormat.Jp2,
            ImageFormat.J2k => MagickFormat.J2k,
            ImageFormat.UncommonTiff => MagickFormat.Tiff,
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "ImageMagick is not used for this format."),
        },
    };
}
