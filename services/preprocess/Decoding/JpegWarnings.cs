using Assay.Platform.Messaging;
using Assay.Preprocess.Formats;
using ImageMagick;

namespace Assay.Preprocess.Decoding;

/// <summary>
/// libjpeg paints over what it cannot decode and only warns; it also warns about spare bytes and odd markers, which cameras write. libvips can fail on all of
/// its warnings or on none, and keeps one text for the whole process. So when it has failed, ImageMagick is asked which warnings they were.
/// </summary>
internal static class JpegWarnings
{
    // The texts of JWRN_HIT_MARKER, JWRN_HUFF_BAD_CODE, JWRN_ARITH_BAD_CODE, JWRN_MUST_RESYNC, JWRN_BOGUS_PROGRESSION and JWRN_JPEG_EOF in libjpeg's jerror.h.
    private static readonly string[] Damage =
        ["premature end of data segment", "bad Huffman code", "bad arithmetic code", "instead of RST", "Inconsistent progression sequence", "Premature end of JPEG file"];

    /// <summary>Decodes the image once more, small, and listens.</summary>
    /// <exception cref="InvalidImageException">A warning says that pixels are lost, or the image does not decode at all.</exception>
    public static void RequireHarmless(byte[] file, CancellationToken stop)
    {
        var warnings = new List<MagickException>();
        using var image = new MagickImage();
        image.Warning += (_, warning) => warnings.Add(warning.Exception);
        image.Progress += (_, progress) => progress.Cancel = stop.IsCancellationRequested;
        var settings = new MagickReadSettings { Format = MagickFormat.Jpeg };
        // The smallest size that libjpeg decodes to: every bit is read for it, too.
        settings.SetDefine(MagickFormat.Jpeg, "size", "1x1");
        try
        {
            image.Read(file, settings);
        }
        catch (MagickException e)
        {
            throw Decoding.Damage.Found(file, ImageFormat.Jpeg, e);
        }
        if (warnings.Find(warning => Damage.Any(text => warning.Message.Contains(text, StringComparison.Ordinal))) is { } damage)
            throw Decoding.Damage.Found(file, ImageFormat.Jpeg, damage);
    }
}
