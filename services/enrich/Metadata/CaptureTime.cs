using System.Globalization;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using Directory = MetadataExtractor.Directory;

namespace Assay.Enrich;

/// <summary>
/// When a picture was taken. EXIF's DateTime is not asked: it is when the file was last changed.
/// </summary>
internal sealed record CaptureTime(DateTime Local, int? OffsetMinutes)
{
    // The oldest photograph there is; what lies before is a clock that was never set.
    private const int OldestYear = 1826;
    private const int MaxOffsetMinutes = 14 * 60;

    private static readonly string[] Formats = ["yyyy:MM:dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy/MM/dd HH:mm:ss", "yyyy:MM:dd HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];

    /// <summary>The time in UTC, when the offset is known.</summary>
    public DateTime? Utc => OffsetMinutes is { } minutes ? DateTime.SpecifyKind(Local.AddMinutes(-minutes), DateTimeKind.Utc) : null;

    /// <summary>Reads the capture time of a photograph's directory.</summary>
    public static CaptureTime? Of(Directory photo) =>
        Of(photo, ExifDirectoryBase.TagDateTimeOriginal, ExifDirectoryBase.TagSubsecondTimeOriginal, ExifDirectoryBase.TagTimeZoneOriginal)
        ?? Of(photo, ExifDirectoryBase.TagDateTimeDigitized, ExifDirectoryBase.TagSubsecondTimeDigitized, ExifDirectoryBase.TagTimeZoneDigitized);

    private static CaptureTime? Of(Directory photo, int timeTag, int fractionTag, int offsetTag) =>
        DateTime.TryParseExact(Ascii(photo, timeTag), Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && time.Year >= OldestYear
            ? new(time.AddMilliseconds(Milliseconds(Ascii(photo, fractionTag))), Offset(Ascii(photo, offsetTag)))
            : null;

    // The digits after the decimal point: "5" is half a second.
    private static double Milliseconds(string digits) =>
        double.TryParse("0." + digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? Math.Floor(seconds * 1000) : 0;

    private static int? Offset(string text)
    {
        var sign = text.StartsWith('-') ? -1 : 1;
        return TimeSpan.TryParseExact(text.TrimStart('+', '-'), @"hh\:mm", CultureInfo.InvariantCulture, out var offset) && offset.TotalMinutes <= MaxOffsetMinutes
            ? sign * (int)offset.TotalMinutes
            : text == "Z" ? 0 : null;
    }

    private static string Ascii(Directory photo, int tag) => (photo.GetString(tag) ?? "").Trim(' ', '\0');
}
