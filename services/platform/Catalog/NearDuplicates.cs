using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Assay.Platform.Catalog;

/// <summary>Another image that looks alike.</summary>
/// <param name="ImageId">The other image.</param>
/// <param name="Distance">In how many of the 64 bits the perceptual hashes differ; 0 for the same bytes, and for most copies in another size.</param>
public sealed record NearDuplicate(Guid ImageId, int Distance);

/// <summary>
/// Finds images whose perceptual hash differs in at most <see cref="Reach"/> bits, by index. A hash is four bands of 16 bits: seven flips
/// leave at least one band with at most one flip, so that whoever is within reach has, in one of the bands, one of the 17 values that are
/// at most one flip away. Four indexes give these, about a thousand in a million of unrelated hashes; their distance is then counted.
/// </summary>
public static class NearDuplicates
{
    /// <summary>The largest distance at which another image is found.</summary>
    public const int Reach = 7;

    private const int Bands = 4;
    private const int BandBits = 16;
    private const int Probes = 1 + BandBits;

    private const string EqualSql =
        "SELECT DISTINCT image_id, 0 AS distance FROM enrichments WHERE perceptual_hash = {0} AND image_id <> {1} ORDER BY image_id LIMIT {2}";

    /// <summary>Images that look like an image, the nearest first. The image itself is none of them.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="imageId">The image.</param>
    /// <param name="perceptualHash">Its perceptual hash.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    public static async Task<IReadOnlyList<NearDuplicate>> FindNearDuplicatesAsync(
        this CatalogContext catalog, Guid imageId, ulong perceptualHash, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var hash = unchecked((long)perceptualHash);
        // Equal hashes first, from an index that is left after so many: blank pages all have the same one, and there may be a hundred thousand.
        var found = await catalog.Database.SqlQueryRaw<NearDuplicate>(EqualSql, hash, imageId, limit).ToListAsync(cancellationToken);
        if (found.Count < limit)
            found.AddRange(await catalog.Database.SqlQueryRaw<NearDuplicate>(NearSql(catalog), Parameters(imageId, hash, limit - found.Count)).ToListAsync(cancellationToken));
        return found;
    }

    internal static void CreateIndexes(MigrationBuilder migration)
    {
        for (var band = 0; band < Bands; band++)
            // With all that the query asks for, so that it need not go to the table for a thousand rows of which it keeps none.
            migration.Sql($"CREATE INDEX ix_enrichments_perceptual_hash_band_{band} ON enrichments (({BandSql(band)}), perceptual_hash, image_id);");
    }

    // Always the same text for one database, so that it is compiled once; the values are parameters.
    private static string NearSql(CatalogContext catalog)
    {
        var distance = catalog.DistanceSql("perceptual_hash", "{0}");
        var candidates = Enumerable.Range(0, Bands).Select(band =>
            $"SELECT image_id, {distance} AS distance FROM enrichments WHERE ({BandSql(band)}) IN ({string.Join(", ", Enumerable.Range(3 + band * Probes, Probes).Select(i => $"{{{i}}}"))})");
        return $$"""
            SELECT image_id, CAST(MIN(distance) AS integer) AS distance
            FROM ({{string.Join(" UNION ALL ", candidates)}}) AS candidates
            WHERE distance BETWEEN 1 AND {{Reach}} AND image_id <> {1}
            GROUP BY image_id ORDER BY distance, image_id LIMIT {2}
            """;
    }

    private static object[] Parameters(Guid imageId, long hash, int limit) =>
    [
        hash, imageId, limit,
        .. Enumerable.Range(0, Bands).SelectMany(band =>
        {
            var value = hash >> band * BandBits & 0xFFFF;
            return Enumerable.Range(0, BandBits).Select(bit => value ^ 1L << bit).Prepend(value);
        }).Cast<object>(),
    ];

    // The indexes' own words: both databases recognise an indexed expression by its form.
    private static string BandSql(int band) => $"(perceptual_hash >> {band * BandBits}) & 65535";
}
