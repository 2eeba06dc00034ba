namespace Assay.Preprocess.Formats;

/// <summary>The formats that Assay reads.</summary>
public enum ImageFormat
{
    Jpeg,
    Png,
    Webp,
    Gif,
    Tiff,

    /// <summary>TIFF in a variant that the usual decoder does not read: old-style JPEG, LZMA, CIELAB, 12 bit, planar tiles.</summary>
    UncommonTiff,

    Avif,
    Heic,
    Bmp,
    JpegXl,

    /// <summary>JPEG 2000 in its file format (boxes).</summary>
    Jp2,

    /// <summary>JPEG 2000 as a bare codestream.</summary>
    J2k,
}
