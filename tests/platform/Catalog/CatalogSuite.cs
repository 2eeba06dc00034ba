using System.Text.Json;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform.Catalog;

/// <summary>What every catalog promises. Each test has a database of its own.</summary>
public abstract class CatalogSuite : IAsyncLifetime
{
    private ServiceProvider services = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The settings of a new, empty database.</summary>
    protected abstract Task<CatalogOptions> CreateAsync();

    /// <summary>Takes it away.</summary>
    protected abstract ValueTask DropAsync();

    public async ValueTask InitializeAsync()
    {
        services = new ServiceCollection().AddLogging().AddCatalog(await CreateAsync()).BuildServiceProvider();
        await MigrateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await DropAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_fact_is_read_as_it_was_written()
    {
        var image = Sample.Image("a.jpg");
        object[] facts =
        [
            image, Sample.Cleansed(image), Sample.Enriched(image), Sample.Quality(image), Sample.Prediction(image), Sample.Rejection(image), Sample.Model(),
        ];
        (await AppendAsync(facts)).ShouldBeTrue();

        await WithAsync(async catalog =>
        {
            object[] read =
            [
                await catalog.Images.AsNoTracking().SingleAsync(Token),
                await catalog.Cleansed.AsNoTracking().SingleAsync(Token),
                await catalog.Enrichments.AsNoTracking().SingleAsync(Token),
                await catalog.QualityChecks.AsNoTracking().SingleAsync(Token),
                await catalog.Predictions.AsNoTracking().SingleAsync(Token),
                await catalog.Rejections.AsNoTracking().SingleAsync(Token),
                await catalog.Models.AsNoTracking().SingleAsync(Token),
            ];
            // PostgreSQL writes JSON anew; what it means is the same.
            foreach (var (before, after) in facts.Zip(read).Where(pair => pair.First is not EnrichedFact))
                JsonSerializer.Serialize(after, after.GetType()).ShouldBe(JsonSerializer.Serialize(before, before.GetType()));
            var (written, enriched) = ((EnrichedFact)facts[2], (EnrichedFact)read[2]);
            JsonElement.DeepEquals(JsonDocument.Parse(enriched.Metadata).RootElement, JsonDocument.Parse(written.Metadata).RootElement).ShouldBeTrue();
            (enriched.PerceptualHash, enriched.CapturedAt, enriched.EnrichedAt).ShouldBe((written.PerceptualHash, written.CapturedAt, written.EnrichedAt));
            (enriched.EnrichedAt.Kind, ((ImageFact)read[0]).IngestedAt.Kind).ShouldBe((DateTimeKind.Utc, DateTimeKind.Utc));
        });
    }

    [Fact]
    public async Task The_clocks_time_is_kept_to_its_last_digit()
    {
        var now = TimeProvider.System.GetCatalogTime();
        await AppendAsync(Sample.Image("a.jpg", ingestedAt: now));
        await WithAsync(async catalog => (await catalog.Images.AsNoTracking().SingleAsync(Token)).IngestedAt.ShouldBe(now));
    }

    [Fact]
    public async Task A_fact_that_is_there_is_not_added_again()
    {
        var image = Sample.Image("a.jpg");
        (await AppendAsync(image)).ShouldBeTrue();
        (await AppendAsync(image)).ShouldBeFalse();
        await WithAsync(async catalog => (await catalog.Images.CountAsync(Token)).ShouldBe(1));
    }

    [Fact]
    public async Task An_occurrence_is_there_once_whatever_its_id()
    {
        (await AppendAsync(Sample.Image("a.jpg"))).ShouldBeTrue();
        (await AppendAsync(Sample.Image("a.jpg"))).ShouldBeFalse();
        (await AppendAsync(Sample.Image("a.jpg", source: "other"))).ShouldBeTrue();
    }

    [Fact]
    public async Task Of_several_facts_none_is_added_when_one_is_there()
    {
        var image = Sample.Image("a.jpg");
        await AppendAsync(Sample.Enriched(image));
        (await AppendAsync(Sample.Quality(image), Sample.Enriched(image), Sample.Quality(image, "too-dark"))).ShouldBeFalse();
        await WithAsync(async catalog => (await catalog.QualityChecks.CountAsync(Token)).ShouldBe(0));
    }

    [Fact]
    public async Task A_context_can_be_used_after_a_duplicate()
    {
        var image = Sample.Image("a.jpg");
        await AppendAsync(image);
        await WithAsync(async catalog =>
        {
            (await catalog.AppendAsync([Sample.Image("a.jpg")], Token)).ShouldBeFalse();
            (await catalog.AppendAsync([Sample.Image("b.jpg")], Token)).ShouldBeTrue();
        });
    }

    [Fact]
    public async Task Of_many_who_append_the_same_fact_one_is_first_and_nobody_fails()
    {
        var image = Sample.Image("a.jpg");
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => Task.Run(() => AppendAsync(Sample.Cleansed(image)), Token)));
        answers.Count(isFirst => isFirst).ShouldBe(1);
    }

    [Fact]
    public async Task Many_can_append_at_once()
    {
        var images = Enumerable.Range(0, 100).Select(i => Sample.Image($"{i}.jpg")).ToList();
        await Task.WhenAll(images.Select(image => Task.Run(() => AppendAsync(image), Token)));
        await WithAsync(async catalog => (await catalog.Images.CountAsync(Token)).ShouldBe(images.Count));
    }

    [Fact]
    public async Task What_is_refused_for_another_reason_is_a_failure()
    {
        await WithAsync(catalog => catalog.Database.ExecuteSqlRawAsync("DROP VIEW lineage; DROP VIEW current_labels; DROP VIEW ledger; DROP VIEW image_status; DROP TABLE models;", Token));
        await Should.ThrowAsync<DbUpdateException>(() => AppendAsync(Sample.Model()));
    }

    [Fact]
    public async Task Migrating_again_changes_nothing_and_the_migrations_are_complete()
    {
        await AppendAsync(Sample.Image("a.jpg"));
        await MigrateAsync();
        await WithAsync(async catalog =>
        {
            (await catalog.Images.CountAsync(Token)).ShouldBe(1);
            catalog.Database.HasPendingModelChanges().ShouldBeFalse();
        });
    }

    protected Task<bool> AppendAsync(params object[] facts) => WithAsync(catalog => catalog.AppendAsync(facts, Token));

    protected async Task<T> WithAsync<T>(Func<CatalogContext, Task<T>> work)
    {
        await using var scope = services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<CatalogContext>());
    }

    protected Task WithAsync(Func<CatalogContext, Task> work) => WithAsync(async catalog =>
    {
        await work(catalog);
        return true;
    });

    private Task MigrateAsync() => WithAsync(catalog => catalog.Database.MigrateAsync(Token));
}

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
