using System.Globalization;
using System.Numerics;
using Assay.Contracts;
using Assay.Platform.Messaging;
using Assay.Platform.Pixels;
using Assay.Preprocess.Formats;
using ImageMagick;
using NetVips;

namespace Assay.Preprocess.Decoding;

/// <summary>ImageMagick, only for what the bundled libvips cannot decode. It decodes at once and as a whole.</summary>
internal sealed class MagickDecoder : IImageDecoder
{
    // JPEG 2000 sides have at most 32 bits; sixteen halvings are more than any image needs.
    private const int MostHalvings = 16;

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

    public ImageHeader ReadHeader(byte[] file, ImageFormat format, int maxSide)
    {
        try
        {
            using var image = new MagickImage();
            image.Ping(Input(file, format), Settings(format));
            var reduction = Reduction.For((int)image.Width, (int)image.Height, maxSide, 1 << Math.Min(MostHalvings, Codestream(file, format)?.Levels ?? 0));
            return new((int)image.Width, (int)image.Height, Frames: 1, OrientationOf(image, format), reduction,
                DecodeMemory.OfMagick(image.Width, image.Height, image.ChannelCount, image.Depth, format, reduction));
        }
        catch (MagickException e)
        {
            throw Damage.Found(file, format, e);
        }
    }

    public DecodedImage Decode(byte[] file, ImageFormat format, ImageHeader header, CancellationToken stop)
    {
        var image = new MagickImage();
        try
        {
            image.Progress += (_, progress) => progress.Cancel = stop.IsCancellationRequested;
            image.Read(Input(file, format), Settings(format, Codestream(file, format), header.Reduction));
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

    private static byte[] Input(byte[] file, ImageFormat format) => format == ImageFormat.JpegXl ? JpegXlContainer.Codestream(file) : file;

    // A decoder that is content with less than the header promises must not pass for one that has read the image.
    private static void RequireWhole(MagickImage image, ImageHeader header)
    {
        if (!IsWhole(image.Width, header.Width) || !IsWhole(image.Height, header.Height))
        {
            throw new InvalidImageException(RejectionReason.UnsupportedFormat,
                $"The image is {header.Width:N0} × {header.Height:N0} pixels but decodes to {image.Width:N0} × {image.Height:N0}, "
                + "a variant of its format that Assay does not read. Convert it to JPEG, PNG, WebP, TIFF, AVIF or HEIC.");
        }

        // Where a reduced side begins and ends is rounded on the canvas, not on the image.
        bool IsWhole(uint side, int promised) => Math.Abs((long)side * header.Reduction - promised) < header.Reduction;
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

    private static Jpeg2000? Codestream(byte[] file, ImageFormat format) =>
        format is ImageFormat.Jp2 or ImageFormat.J2k ? Jpeg2000.Read(file) : null;

    private static MagickReadSettings Settings(ImageFormat format, Jpeg2000? codestream = null, int reduction = 1)
    {
        var settings = new MagickReadSettings
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
        // A BMP may have bytes behind the image; that none is missing is asked otherwise.
        settings.SetDefine(MagickFormat.Bmp, "ignore-filesize", true);
        if (codestream is not null)
        {
            // Unless it is told up to where, ImageMagick cuts off what a reduced image, or one that does not begin at its canvas' corner, has on the far side.
            (settings.Width, settings.Height) = (codestream.Right, codestream.Bottom);
            settings.SetDefine(MagickFormat.Jp2, "reduce-factor", BitOperations.Log2((uint)reduction).ToString(CultureInfo.InvariantCulture));
        }
        return settings;
    }
}
