using Assay.Platform.Catalog.Postgres;
using Assay.Platform.Catalog.Sqlite;
using Assay.Platform.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Assay.Platform.Catalog;

/// <summary>The catalog's switch: the only place that knows which databases there are.</summary>
public static class CatalogRegistration
{
    private const string PasswordSetting = "Catalog:Password";

    /// <summary>Registers <see cref="CatalogContext"/> for the configured database.</summary>
    public static IServiceCollection AddCatalog(this IServiceCollection services, CatalogOptions options) => options.Kind switch
    {
        CatalogKind.Postgres => services.AddDbContextPool<CatalogContext, PostgresCatalog>(db => UsePostgres(db, options)),
        CatalogKind.Sqlite => services.AddDbContextPool<CatalogContext, SqliteCatalog>(db => UseSqlite(db, options)),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Kind, "No such catalog."),
    };

    /// <summary>How to connect to PostgreSQL now: a password may be rotated.</summary>
    public static NpgsqlConnectionStringBuilder ConnectionOf(CatalogOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new NpgsqlConnectionStringBuilder
        {
            Host = options.Host,
            Port = options.Port,
            Database = options.Database,
            Username = options.User,
            Password = PasswordOf(options),
            SslMode = options.SslMode,
            Timeout = options.TimeoutSeconds,
            CommandTimeout = options.TimeoutSeconds,
            CancellationTimeout = 2000,
            // What is read every 30 seconds must not find its idle connection in the middle of being given up, which happens 10 seconds and TimeoutSeconds after its last use.
            KeepAlive = 10,
            ApplicationName = "assay",
        };
    }

    internal static void UsePostgres(DbContextOptionsBuilder db, CatalogOptions options)
    {
        var connection = ConnectionOf(options);
        connection.Password = null;
        db.WithConventions().UseNpgsql(connection.ConnectionString, postgres =>
        {
            // Asked whenever the pool opens another connection. Without a password PostgreSQL's own ways count, as PGPASSFILE.
            if (SecretFiles.IsGiven(PasswordSetting, options.Password))
                postgres.ConfigureDataSource(source => source.UsePasswordProvider(_ => PasswordOf(options)!, (_, _) => ValueTask.FromResult(PasswordOf(options)!)));
        });
    }

    private static string? PasswordOf(CatalogOptions options) =>
        SecretFiles.IsGiven(PasswordSetting, options.Password) ? SecretFiles.Read().Find(PasswordSetting, options.Password) : null;

    internal static void UseSqlite(DbContextOptionsBuilder db, CatalogOptions options) =>
        db.WithConventions().UseSqlite($"Data Source={options.File};Default Timeout={options.TimeoutSeconds}").AddInterceptors(new DistanceFunction());

    // Whoever appended gets the exception; that somebody else was first (a duplicate) is no error to be logged.
    private static DbContextOptionsBuilder WithConventions(this DbContextOptionsBuilder db) =>
        db.UseSnakeCaseNamingConvention().ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.CommandError, CoreEventId.SaveChangesFailed));
}
