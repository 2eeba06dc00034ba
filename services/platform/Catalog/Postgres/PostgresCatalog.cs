using Assay.Platform.Catalog.Facts;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Assay.Platform.Catalog.Postgres;

/// <summary>The catalog in PostgreSQL: the distributed form.</summary>
public sealed class PostgresCatalog(DbContextOptions<PostgresCatalog> options) : CatalogContext(options)
{
    /// <inheritdoc/>
    protected internal override string DistanceSql(string one, string other) => $"bit_count(({one} # {other})::bit(64))";

    /// <inheritdoc/>
    protected override bool IsDuplicate(DbUpdateException exception) =>
        exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<EnrichedFact>().Property(x => x.Metadata).HasColumnType("jsonb");
        modelBuilder.Entity<EnrichedFact>().Property(x => x.CapturedAt).HasColumnType("timestamp without time zone");
    }
}
