using System.Collections.Frozen;
using Assay.Platform.Objects;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using Directory = MetadataExtractor.Directory;

namespace Assay.Enrich;

/// <summary>Picks the fields of interest out of EXIF directories (tag meanings: CIPA DC-008, Exif 3.0). A number outside any camera's range is left out.</summary>
internal static class ExifFields
{
    private const int PixelsAreSrgb = 1, PixelsAreAdobeRgb = 2, PixelsAreUncalibrated = 0xFFFF;
    private const int IsoSpeed = 0x8833;
    // What a 16-bit sensitivity holds when the true one does not fit: the true one is in ISOSpeed.
    private const int IsoOverflow = 65535;

    /// <summary>The tags that are read; nothing else need be kept.</summary>
    public static FrozenSet<int> Tags { get; } = new[]
    {
        ExifDirectoryBase.TagMake, ExifDirectoryBase.TagModel, ExifDirectoryBase.TagSoftware, ExifDirectoryBase.TagImageDescription,
        ExifDirectoryBase.TagLensMake, ExifDirectoryBase.TagLensModel, ExifDirectoryBase.TagLensSpecification,
        ExifDirectoryBase.TagExposureTime, ExifDirectoryBase.TagFNumber, ExifDirectoryBase.TagIsoEquivalent, IsoSpeed,
        ExifDirectoryBase.TagFocalLength, ExifDirectoryBase.Tag35MMFilmEquivFocalLength, ExifDirectoryBase.TagColorSpace,
        ExifDirectoryBase.TagDateTimeOriginal, ExifDirectoryBase.TagSubsecondTimeOriginal, ExifDirectoryBase.TagTimeZoneOriginal,
        ExifDirectoryBase.TagDateTimeDigitized, ExifDirectoryBase.TagSubsecondTimeDigitized, ExifDirectoryBase.TagTimeZoneDigitized,
    }.ToFrozenSet();

    /// <summary>Adds what EXIF says to what the container said.</summary>
    public static ImageMetadata Add(ImageMetadata metadata, IReadOnlyList<Directory> directories, TextCleaner text)
    {
        var image = directories.OfType<ExifIfd0Directory>().FirstOrDefault() ?? new ExifIfd0Directory();
        var photo = directories.OfType<ExifSubIfdDirectory>().FirstOrDefault() ?? new ExifSubIfdDirectory();
        var captured = CaptureTime.Of(photo);
        return metadata with
        {
            CameraMake = Text(image, ExifDirectoryBase.TagMake),
            CameraModel = Text(image, ExifDirectoryBase.TagModel),
            Lens = Text(photo, ExifDirectoryBase.TagLensModel) ?? LensRange(photo),
            CapturedAt = captured?.Local,
            CapturedAtOffsetMinutes = captured?.OffsetMinutes,
            CapturedAtUtc = captured?.Utc,
            ExposureSeconds = Number(photo, ExifDirectoryBase.TagExposureTime, 1e-7, 864_000),
            FNumber = Number(photo, ExifDirectoryBase.TagFNumber, 0.1, 1000),
            Iso = Iso(photo),
            FocalLengthMillimetres = Number(photo, ExifDirectoryBase.TagFocalLength, 0.1, 100_000),
            FocalLengthIn35MillimetreFilm = Whole(photo, ExifDirectoryBase.Tag35MMFilmEquivFocalLength, 100_000),
            Software = Text(image, ExifDirectoryBase.TagSoftware) ?? metadata.Software,
            Description = Text(image, ExifDirectoryBase.TagImageDescription) ?? metadata.Description,
            ColourSpace = ColourSpace(photo),
            Position = Position(directories.OfType<GpsDirectory>().FirstOrDefault()),
        };

        string? Text(Directory directory, int tag) =>
            directory.GetObject(tag) is StringValue value ? text.Clean(value.Bytes) : null;
    }

    private static int? Iso(Directory photo) =>
        Whole(photo, ExifDirectoryBase.TagIsoEquivalent, 100_000_000) is { } iso && iso != IsoOverflow ? iso : Whole(photo, IsoSpeed, 100_000_000);

    private static string? ColourSpace(Directory photo) => Whole(photo, ExifDirectoryBase.TagColorSpace, PixelsAreUncalibrated) switch
    {
        PixelsAreSrgb => "sRGB",
        PixelsAreAdobeRgb => "Adobe RGB",
        PixelsAreUncalibrated => "uncalibrated",
        _ => null,
    };

    private static string? LensRange(Directory photo)
    {
        if (photo.GetObject(ExifDirectoryBase.TagLensSpecification) is not Rational[] { Length: 4 } lens)
            return null;
        var (shortest, longest, fastest) = (lens[0].ToDouble(), lens[1].ToDouble(), lens[2].ToDouble());
        if (shortest is not (> 0 and < 100_000) || longest is not (> 0 and < 100_000))
            return null;
        var range = shortest.Equals(longest) ? $"{shortest:0.#} mm" : $"{shortest:0.#}-{longest:0.#} mm";
        return fastest is > 0 and < 1000 ? $"{range} f/{fastest:0.##}" : range;
    }

    private static GeoPosition? Position(GpsDirectory? gps)
    {
        if (gps?.GetGeoLocation() is not { } place || Math.Abs(place.Latitude) is not <= 90 || Math.Abs(place.Longitude) is not <= 180)
            return null;
        var altitude = Number(gps, GpsDirectory.TagAltitude, 0, 100_000);
        var below = gps.TryGetInt32(GpsDirectory.TagAltitudeRef, out var reference) && reference == 1;
        return new(Math.Round(place.Latitude, 7), Math.Round(place.Longitude, 7), below ? -altitude : altitude);
    }

    // Not-a-number and infinity, which a zero denominator gives, are in no range. Fractions are divided here: the library divides them in single
    // precision, and an aperture of 28/10 would be 2.799999952316284.
    private static double? Number(Directory directory, int tag, double min, double max) =>
        (directory.TryGetRational(tag, out var fraction) ? fraction.Numerator / (double)fraction.Denominator
            : directory.TryGetDouble(tag, out var number) ? number : double.NaN) is var value && value >= min && value <= max ? value : null;

    private static int? Whole(Directory directory, int tag, int max) =>
        directory.TryGetDouble(tag, out var value) && value >= 1 && value <= max ? (int)value : null;
}
