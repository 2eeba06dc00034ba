namespace Assay.Platform.Objects;

/// <summary>
/// What the original says about itself. All of it is the uploader's word: texts are cleaned and cut, numbers outside any camera's range are left out,
/// and what could not be read is <see langword="null"/>. Never holds owner, artist or serial numbers; a position only when the operator asked for it.
/// </summary>
public sealed record ImageMetadata
{
    /// <summary>The camera's maker (EXIF Make).</summary>
    public string? CameraMake { get; init; }

    /// <summary>The camera's model (EXIF Model).</summary>
    public string? CameraModel { get; init; }

    /// <summary>The lens (EXIF LensModel, else its focal range and aperture from LensSpecification).</summary>
    public string? Lens { get; init; }

    /// <summary>When the picture was taken (EXIF DateTimeOriginal, else DateTimeDigitized), on the camera's clock: a local time whose zone is often unknown.</summary>
    public DateTime? CapturedAt { get; init; }

    /// <summary>What the camera's clock was ahead of UTC, in minutes, when it says so.</summary>
    public int? CapturedAtOffsetMinutes { get; init; }

    /// <summary><see cref="CapturedAt"/> in UTC; <see langword="null"/> when the offset is unknown, for a guess would be wrong by hours.</summary>
    public DateTime? CapturedAtUtc { get; init; }

    /// <summary>Exposure time in seconds.</summary>
    public double? ExposureSeconds { get; init; }

    /// <summary>The aperture's f-number.</summary>
    public double? FNumber { get; init; }

    /// <summary>ISO sensitivity.</summary>
    public int? Iso { get; init; }

    /// <summary>Focal length in millimetres.</summary>
    public double? FocalLengthMillimetres { get; init; }

    /// <summary>Focal length in millimetres of a lens with the same angle of view on 36 × 24 mm film.</summary>
    public int? FocalLengthIn35MillimetreFilm { get; init; }

    /// <summary>The program that wrote the file.</summary>
    public string? Software { get; init; }

    /// <summary>EXIF ImageDescription, else the Title or Description text of a PNG.</summary>
    public string? Description { get; init; }

    /// <summary>Bits per sample as stored.</summary>
    public int? BitDepth { get; init; }

    /// <summary>What the stored samples are: <c>rgb</c>, <c>grey</c>, <c>cmyk</c>, <c>lab</c> …</summary>
    public string? ColourModel { get; init; }

    /// <summary>The colour space that EXIF names: <c>sRGB</c>, <c>Adobe RGB</c> or <c>uncalibrated</c>.</summary>
    public string? ColourSpace { get; init; }

    /// <summary>The embedded ICC profile's description.</summary>
    public string? ProfileName { get; init; }

    /// <summary>EXIF orientation, 1 to 8, that the silver image no longer needs.</summary>
    public int? Orientation { get; init; }

    /// <summary>Frames of an animation, pages of a TIFF, images of a HEIF collection; 1 for a single image.</summary>
    public int? Frames { get; init; }

    /// <summary>Where the picture was taken; only when the operator turned it on.</summary>
    public GeoPosition? Position { get; init; }

    /// <summary>What could not be read, in plain words; empty when everything could.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>A place on Earth (WGS 84).</summary>
/// <param name="Latitude">Degrees, north positive.</param>
/// <param name="Longitude">Degrees, east positive.</param>
/// <param name="AltitudeMetres">Metres above sea level, when known.</param>
public sealed record GeoPosition(double Latitude, double Longitude, double? AltitudeMetres);
