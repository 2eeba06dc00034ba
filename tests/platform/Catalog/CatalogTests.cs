using Assay.Platform.Catalog;
using Assay.Platform.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform.Catalog;

/// <summary>A new PostgreSQL database.</summary>
internal static class NewDatabase
{
    public static async Task<(Owned<PostgresServer> Owned, CatalogOptions Options)> PostgresAsync()
    {
        var owned = await Servers.NewDatabaseAsync();
        var server = new NpgsqlConnectionStringBuilder(owned.Value.ConnectionString);
        return (owned, new CatalogOptions { Host = server.Host!, Port = server.Port, Database = server.Database!, User = server.Username!, Password = server.Password });
    }

    public static (DirectoryInfo Folder, CatalogOptions Options) Sqlite()
    {
        var folder = Directory.CreateTempSubdirectory("assay-catalog-");
        return (folder, new CatalogOptions { Kind = CatalogKind.Sqlite, File = Path.Combine(folder.FullName, "catalog.db") });
    }
}

public sealed class PostgresCatalogTests : CatalogViewSuite
{
    private Owned<PostgresServer>? database;

    protected override async Task<CatalogOptions> CreateAsync()
    {
        (database, var options) = await NewDatabase.PostgresAsync();
        return options;
    }

    protected override ValueTask DropAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData("127.0.0.1", 1)]
    [InlineData("nowhere.invalid", 5432)]
    public async Task A_server_that_is_away_is_waited_for_and_is_no_duplicate(string host, int port)
    {
        await using var away = new ServiceCollection().AddLogging().AddCatalog(new CatalogOptions { Host = host, Port = port, TimeoutSeconds = 5 }).BuildServiceProvider();
        await using var scope = away.CreateAsyncScope();
        var catalog = scope.ServiceProvider.GetRequiredService<CatalogContext>();
        Retries.IsServerAway(await Should.ThrowAsync<Exception>(() => catalog.AppendAsync([Sample.Image("a.jpg")], Token))).ShouldBeTrue();
        Retries.IsServerAway(await Should.ThrowAsync<Exception>(() => catalog.ImageStatus.ToListAsync(Token))).ShouldBeTrue();
    }

    [Fact]
    public async Task A_session_that_the_server_ends_is_a_server_that_is_away() => await WithAsync(async catalog =>
    {
        Retries.IsServerAway(await Should.ThrowAsync<Exception>(() => catalog.Database.ExecuteSqlRawAsync("SELECT pg_terminate_backend(pg_backend_pid())", Token))).ShouldBeTrue();
        (await catalog.AppendAsync([Sample.Image("a.jpg")], Token)).ShouldBeTrue();
    });

    [Fact]
    public async Task A_server_that_only_reads_or_whose_password_is_being_changed_is_away() => await WithAsync(async catalog =>
    {
        await catalog.Database.OpenConnectionAsync(Token);
        await catalog.Database.ExecuteSqlRawAsync("SET default_transaction_read_only = on", Token);
        Retries.IsServerAway(await Should.ThrowAsync<Exception>(() => catalog.AppendAsync([Sample.Image("a.jpg")], Token))).ShouldBeTrue();
        await catalog.Database.ExecuteSqlRawAsync("SET default_transaction_read_only = off", Token);
        var wrong = new NpgsqlConnectionStringBuilder(database!.Value.ConnectionString) { Username = "nobody", Password = "wrong" };
        await using var connection = new NpgsqlConnection(wrong.ConnectionString);
        Retries.IsServerAway(await Should.ThrowAsync<PostgresException>(() => connection.OpenAsync(Token))).ShouldBeTrue();
    });

    [Theory]
    [InlineData("SELECT colour FROM images")]
    [InlineData("SELECT * FROM moods")]
    public async Task A_catalog_that_has_not_been_migrated_yet_is_waited_for(string question) => await WithAsync(async catalog =>
    {
#pragma warning disable EF1002, CA2100 // The test's own words.
        Retries.IsServerAway(await Should.ThrowAsync<PostgresException>(() => catalog.Database.ExecuteSqlRawAsync(question, Token))).ShouldBeTrue();
#pragma warning restore EF1002, CA2100
    });

    [Fact]
    public async Task A_fact_that_the_server_refuses_is_not_waited_for() =>
        Retries.IsServerAway(await Should.ThrowAsync<DbUpdateException>(() => AppendAsync(Sample.Image("a\0.jpg")))).ShouldBeFalse();
}

public sealed class SqliteCatalogTests : CatalogViewSuite
{
    private DirectoryInfo? folder;

    protected override Task<CatalogOptions> CreateAsync()
    {
        (folder, var options) = NewDatabase.Sqlite();
        return Task.FromResult(options);
    }

    protected override ValueTask DropAsync()
    {
        folder?.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Readers_do_not_wait_for_a_writer() => await WithAsync(async catalog =>
        (await catalog.Database.SqlQueryRaw<string>("SELECT journal_mode AS Value FROM pragma_journal_mode").SingleAsync(Token)).ShouldBe("wal"));
}
