using Assay.Platform.Catalog.Postgres;
using Assay.Platform.Catalog.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Assay.Platform.Catalog;

/// <summary>For <c>dotnet ef migrations add NAME --context PostgresCatalog --output-dir Catalog/Postgres/Migrations</c>; connects to nothing.</summary>
internal sealed class PostgresDesignTime : IDesignTimeDbContextFactory<PostgresCatalog>
{
    public PostgresCatalog CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<PostgresCatalog>();
        CatalogRegistration.UsePostgres(options, new CatalogOptions());
        return new PostgresCatalog(options.Options);
    }
}

/// <summary>For <c>dotnet ef migrations add NAME --context SqliteCatalog --output-dir Catalog/Sqlite/Migrations</c>.</summary>
internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteCatalog>
{
    public SqliteCatalog CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<SqliteCatalog>();
        CatalogRegistration.UseSqlite(options, new CatalogOptions());
        return new SqliteCatalog(options.Options);
    }
}
