using Assay.Preprocess.Formats;
using NetVips;

namespace Assay.Preprocess.Decoding;

/// <summary>
/// How much memory it takes at most to make silver of an image, told from its header. The numbers are peaks that
/// <c>tests/benchmarks memory</c> measures, rounded up: they are the decoders' habits, and no file can say them.
/// </summary>
internal static class DecodeMemory
{
    private const long MiB = HeaderLimits.MiB;

    // Code, tables and buffers that every image needs.
    private const long Base = 16 * MiB;

    // libvips computes silver in strips of 16 rows; with what the resize sees above and below, so many rows of the original are in memory for each row of it.
    private const double RowsInFlight = 18;

    // Weighing pixels by their alpha makes floating-point numbers of them for a while.
    private const double AlphaFactor = 1.6;

    /// <summary>For what libvips decodes.</summary>
    /// <param name="image">The opened image, of which only the header has been read.</param>
    /// <param name="format">What it is.</param>
    /// <param name="reduction">By how much its decoder will shrink it.</param>
    /// <param name="maxSide">The longest side of silver.</param>
    public static long OfVips(Image image, ImageFormat format, int reduction, int maxSide)
    {
        var pixels = (long)image.Width * image.Height;
        var samples = image.Bands * SampleBytes(image.Format) * (image.HasAlpha() ? AlphaFactor : 1);
        var held = format switch
        {
            // Coefficients of 16 bits; with subsampled colours half as many, or two thirds.
            ImageFormat.Jpeg => IsInterlaced(image) ? pixels * 2 * (IsSubsampled(image) ? 2 : image.Bands) : 0,
            ImageFormat.Png => IsInterlaced(image) ? pixels * samples : 0,
            ImageFormat.Webp => pixels * (reduction > 1 ? 4.5 : 14),
            ImageFormat.Gif => pixels * (image.HasAlpha() ? 8.5 : 6),
            ImageFormat.Avif => pixels * (image.Format == Enums.BandFormat.Uchar ? 15.5 : 28),
            _ => 0,
        };
        var (width, height) = (image.Width / reduction, image.Height / reduction);
        var rows = Math.Min(height, RowsInFlight * Math.Max(1, Math.Max(width, height) / (double)maxSide));
        return Base + (long)(held + rows * width * samples);
    }

    /// <summary>For what ImageMagick decodes: whole, always.</summary>
    public static long OfMagick(uint width, uint height, uint channels, uint depth, ImageFormat format, int reduction)
    {
        var pixels = (long)(width / reduction) * (height / reduction);
        return Base + (long)(pixels * format switch
        {
            ImageFormat.Bmp => 8,
            ImageFormat.Heic => depth > 8 ? 15 : 7.5,
            // Transparency is kept in floating-point numbers.
            ImageFormat.JpegXl => channels > 3 ? 52 : depth > 8 ? 14 : 10,
            // 32 bits a sample, twice, and what ImageMagick makes of them.
            ImageFormat.Jp2 or ImageFormat.J2k => 6 * Math.Max(channels, 3),
            _ => 8.0,
        });
    }

    private static int SampleBytes(Enums.BandFormat format) => format switch
    {
        Enums.BandFormat.Uchar or Enums.BandFormat.Char => 1,
        Enums.BandFormat.Ushort or Enums.BandFormat.Short => 2,
        Enums.BandFormat.Double or Enums.BandFormat.Complex => 8,
        Enums.BandFormat.Dpcomplex => 16,
        _ => 4,
    };

    private static bool IsInterlaced(Image image) => image.Contains("interlaced") && (int)image.Get("interlaced") != 0;

    private static bool IsSubsampled(Image image) =>
        image.Bands == 3 && image.Contains("jpeg-chroma-subsample") && image.Get("jpeg-chroma-subsample") is string said && said != "4:4:4";
}
