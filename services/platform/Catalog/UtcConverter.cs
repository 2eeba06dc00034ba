using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Assay.Platform.Catalog;

/// <summary>
/// Times are UTC, cut to whole microseconds: that is what PostgreSQL keeps, and a fact must read the same from either database.
/// </summary>
internal sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(
    time => new DateTime(time.Ticks / 10 * 10, DateTimeKind.Utc),
    time => DateTime.SpecifyKind(time, DateTimeKind.Utc));

/// <summary>A camera's clock has no zone: neither UTC nor local may be read into it.</summary>
internal sealed class CameraTimeConverter() : ValueConverter<DateTime, DateTime>(
    time => DateTime.SpecifyKind(new DateTime(time.Ticks / 10 * 10), DateTimeKind.Unspecified),
    time => DateTime.SpecifyKind(time, DateTimeKind.Unspecified));
