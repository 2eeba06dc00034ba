using Assay.Platform.Objects;
using Assay.Platform.Pixels;
using ImageMagick;

namespace Assay.Enrich;

/// <summary>What ImageMagick reads from the headers of the formats that libvips does not know: the same formats for which the preprocess stage asks it.</summary>
internal static class PingedHeader
{
    private static readonly Dictionary<string, MagickFormat> Formats = new()
    {
        ["image/bmp"] = MagickFormat.Bmp,
        ["image/jxl"] = MagickFormat.Jxl,
        ["image/jp2"] = MagickFormat.Jp2,
        ["image/j2c"] = MagickFormat.J2k,
        ["image/tiff"] = MagickFormat.Tiff,
    };

    /// <summary>Reads the header; <see langword="null"/> where the format is another or the header cannot be read.</summary>
    public static ImageMetadata? Read(byte[] bronze, string mediaType, TextCleaner text)
    {
        if (!Formats.TryGetValue(mediaType, out var format))
            return null;
        try
        {
            using var image = new MagickImage();
            var settings = new MagickReadSettings { Format = format, FrameIndex = 0, FrameCount = 1 };
            // As the preprocess stage has it: a BMP may have bytes behind the image.
            settings.SetDefine(MagickFormat.Bmp, "ignore-filesize", true);
            image.Ping(format == MagickFormat.Jxl ? JpegXlContainer.Codestream(bronze) : bronze, settings);
            return new ImageMetadata
            {
                BitDepth = (int)image.Depth,
                ColourModel = ModelOf(image.ColorSpace),
                ProfileName = image.GetColorProfile() is { } profile ? text.Clean(IccProfile.Description(profile.ToByteArray())) : null,
                Orientation = format is MagickFormat.Jxl or MagickFormat.Tiff && (int)image.Orientation is >= 1 and <= 8 and var orientation ? orientation : null,
                // Only JPEG XL can be animated.
                Frames = format == MagickFormat.Jxl ? null : 1,
            };
        }
        catch (MagickException)
        {
            return null;
        }
    }

    private static string? ModelOf(ColorSpace colours) => colours switch
    {
        ColorSpace.sRGB or ColorSpace.RGB => "rgb",
        ColorSpace.Gray or ColorSpace.LinearGray => "grey",
        ColorSpace.CMYK => "cmyk",
        ColorSpace.Lab => "lab",
        _ => null,
    };
}
