using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace Assay.Platform.Catalog.Sqlite;

/// <summary>The catalog in one SQLite file: the embedded form.</summary>
public sealed class SqliteCatalog(DbContextOptions<SqliteCatalog> options) : CatalogContext(options)
{
    /// <inheritdoc/>
    protected internal override string DistanceSql(string one, string other) => $"{DistanceFunction.Name}({one}, {other})";

    /// <inheritdoc/>
    protected override bool IsDuplicate(DbUpdateException exception) =>
        exception.InnerException is SqliteException { SqliteExtendedErrorCode: raw.SQLITE_CONSTRAINT_PRIMARYKEY or raw.SQLITE_CONSTRAINT_UNIQUE };
}
