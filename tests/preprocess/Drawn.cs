using Assay.Platform.Pixels;
using NetVips;

namespace Assay.Tests.Preprocess;

/// <summary>Originals drawn for a test.</summary>
internal static class Drawn
{
    public static readonly byte[] Red = [255, 0, 0];

    /// <summary>One colour all over, as many bands as the colour has.</summary>
    public static Image Plain(int width, int height, params byte[] colour) => Each(width, height, colour.Length, (_, _) => colour);

    /// <summary>Every pixel as the function says.</summary>
    public static Image Each(int width, int height, int bands, Func<int, int, byte[]> colour)
    {
        Vips.Prepare();
        var bytes = new byte[width * height * bands];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                colour(x, y).CopyTo(bytes, (y * width + x) * bands);
        using var pixels = Image.NewFromMemory(bytes, width, height, bands, Enums.BandFormat.Uchar);
        using var typed = pixels.Copy(interpretation: bands < 3 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        return typed.CopyMemory();
    }

    /// <summary>Smooth in one direction, stripes in the other, and no two corners alike.</summary>
    public static Image Detailed(int width, int height) =>
        Each(width, height, 3, (x, y) => [(byte)(255 * x / width), (byte)(255 * y / height), (byte)(x / 4 % 2 == 0 ? 40 : 210)]);

    /// <summary>A picture's file in every format that the tests can write: what is read must not depend on what it was written as.</summary>
    public static byte[] As(this Image image, string format) => format switch
    {
        "jpeg" => image.JpegsaveBuffer(q: 90),
        "progressive jpeg" => image.JpegsaveBuffer(q: 90, interlace: true),
        "png" => image.PngsaveBuffer(),
        "interlaced png" => image.PngsaveBuffer(interlace: true),
        "webp" => image.WebpsaveBuffer(lossless: true),
        "gif" => image.GifsaveBuffer(),
        "tiff" => image.TiffsaveBuffer(),
        "deflated tiff" => image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate, predictor: Enums.ForeignTiffPredictor.Horizontal),
        "tiled tiff" => image.TiffsaveBuffer(tile: true, tileWidth: 64, tileHeight: 64),
        "big tiff" => image.TiffsaveBuffer(bigtiff: true),
        "avif" => image.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, q: 80),
        "bmp" => Magick(image, ImageMagick.MagickFormat.Bmp),
        "jpeg xl" => Magick(image, ImageMagick.MagickFormat.Jxl),
        "jpeg 2000" => Magick(image, ImageMagick.MagickFormat.Jp2),
        "jpeg 2000 codestream" => Magick(image, ImageMagick.MagickFormat.J2k),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No test writes this format."),
    };

    private static byte[] Magick(Image image, ImageMagick.MagickFormat format)
    {
        using var copy = new ImageMagick.MagickImage(image.PngsaveBuffer());
        copy.Quality = 100;
        return copy.ToByteArray(format);
    }
}
