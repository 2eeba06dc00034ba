namespace Assay.Preprocess.Formats;

/// <summary>The formats that Assay reads.</summary>
public enum ImageFormat
{
    Jpeg,
    Png,
    Webp,
    Gif,
    Tiff,
    Avif,
    Heic,
    Bmp,
    JpegXl,

    /// <summary>JPEG 2000 in its file format (boxes).</summary>
    Jp2,

    /// <summary>JPEG 2000 as a bare codestream.</summary>
    J2k,
}
