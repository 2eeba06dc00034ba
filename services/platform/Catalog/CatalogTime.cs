namespace Assay.Platform.Catalog;

/// <summary>Times as the catalog can keep them.</summary>
public static class CatalogTime
{
    /// <summary>
    /// Now, UTC, in whole microseconds: PostgreSQL keeps no more, and what is published from a stored fact must equal what was published when it was new.
    /// </summary>
    public static DateTime GetCatalogTime(this TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return clock.GetUtcNow().UtcDateTime.ToCatalogPrecision();
    }

    /// <summary>The time without what is finer than a microsecond.</summary>
    public static DateTime ToCatalogPrecision(this DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}
