using System.Data.Common;
using System.Numerics;
using System.Text;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Catalog.Postgres;
using Assay.Platform.Catalog.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform;

/// <summary>Near duplicates, on whichever database.</summary>
public abstract class NearDuplicatesTests : IAsyncLifetime
{
    private const int Rows = 20_000;

    // Not there when the database is not, and the test is skipped.
    private ServiceProvider services = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        services = new ServiceCollection().AddCatalog(await NewCatalogAsync()).BuildServiceProvider();
        await WithCatalogAsync(async catalog =>
        {
            await catalog.Database.MigrateAsync(Token);
            return true;
        });
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (services is not null)
            await services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<CatalogOptions> NewCatalogAsync();

    /// <summary>What makes a plan of a query.</summary>
    protected abstract string Explain { get; }

    /// <summary>What a plan says when the whole table is read.</summary>
    protected abstract string WholeTable { get; }

    /// <summary>A catalog with an ear on its queries.</summary>
    protected abstract CatalogContext NewContext(IServiceProvider from, IInterceptor listener);

    [Fact]
    public async Task At_every_distance_up_to_seven_the_other_image_is_found_and_beyond_it_is_not()
    {
        var hash = 0xF05F217E57837F91UL;
        var random = new Numbers(1);
        // Flips that fall into the bands in every way, the sign bit among them.
        var others = Enumerable.Range(0, 400).Select(i => hash ^ random.Bits(i % 12)).Append(hash ^ 1UL << 63).ToArray();
        await AppendAsync(others.Select((other, i) => Fact(i, other)));
        var found = await FindAsync(Id(-1), hash, 1000);

        var expected = others.Select((other, i) => new NearDuplicate(Id(i), BitOperations.PopCount(hash ^ other))).Where(near => near.Distance <= NearDuplicates.Reach).ToList();
        expected.Count.ShouldBeGreaterThan(200);
        found.ShouldBe(expected, ignoreOrder: true);
        found.Select(near => near.Distance).ShouldBeInOrder();
    }

    [Fact]
    public async Task The_nearest_come_first_and_no_more_than_asked_for()
    {
        await AppendAsync([Fact(1, 0b111), Fact(2, 0b1), Fact(3, 0), Fact(4, 0b11), Fact(5, 0)]);
        (await FindAsync(Id(9), 0, 4)).ShouldBe([new(Id(3), 0), new(Id(5), 0), new(Id(2), 1), new(Id(4), 2)], ignoreOrder: true);
        (await FindAsync(Id(9), 0, 4)).Select(near => near.Distance).ShouldBe([0, 0, 1, 2]);
        (await FindAsync(Id(9), 0b111, 1)).ShouldBe([new(Id(1), 0)]);
        (await FindAsync(Id(9), 0b1111, 1)).ShouldBe([new(Id(1), 1)]);
    }

    [Fact]
    public async Task An_image_is_not_its_own_duplicate_and_counts_once_however_often_it_was_enriched()
    {
        await AppendAsync([Fact(1, 5), Fact(1, 4, recipe: "2"), Fact(2, 5), Fact(2, 5, recipe: "2"), Fact(3, 7), Fact(3, 13, recipe: "2")]);
        (await FindAsync(Id(1), 5, 10)).ShouldBe([new(Id(2), 0), new(Id(3), 1)]);
    }

    [Fact]
    public async Task The_query_goes_by_index_alone()
    {
        var random = new Numbers(2);
        await AppendAsync(Enumerable.Range(0, Rows).Select(i => Fact(i, i % 10 == 0 ? 0 : random.Next())));
        var plans = new Plans(Explain);
        await using (var catalog = NewContext(services, plans))
        {
            await catalog.Database.ExecuteSqlRawAsync("ANALYZE", Token);
            await catalog.FindNearDuplicatesAsync(Id(-1), random.Next(), 5, Token);
        }

        plans.Found.Count.ShouldBe(2, "one for equal hashes, one for those nearby");
        plans.Found.ShouldAllBe(plan => !plan.Contains(WholeTable));
        plans.Found[0].ShouldContain("ix_enrichments_perceptual_hash_image_id");
        for (var band = 0; band < 4; band++)
            plans.Found[1].ShouldContain($"ix_enrichments_perceptual_hash_band_{band}");
    }

    private async Task<T> WithCatalogAsync<T>(Func<CatalogContext, Task<T>> work)
    {
        await using var scope = services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<CatalogContext>());
    }

    private Task<IReadOnlyList<NearDuplicate>> FindAsync(Guid id, ulong hash, int limit) =>
        WithCatalogAsync(catalog => catalog.FindNearDuplicatesAsync(id, hash, limit, Token));

    private Task<bool> AppendAsync(IEnumerable<EnrichedFact> facts) => WithCatalogAsync(catalog => catalog.AppendAsync(facts, Token));

    private static Guid Id(int number) => ImageIdentity.Of("test", $"{number}", "v", DateTime.UnixEpoch);

    private static EnrichedFact Fact(int number, ulong hash, string recipe = "1") => new()
    {
        ImageId = Id(number),
        Recipe = recipe,
        Enricher = "1",
        Metadata = "{}",
        PerceptualHash = unchecked((long)hash),
        Sharpness = 1,
        Brightness = 1,
        Contrast = 1,
        Entropy = 1,
        GoldBucket = "gold",
        GoldKey = $"{number}.jpg",
        SidecarKey = $"{number}.json",
        Bytes = 1,
        Sha256 = "",
        EnrichedAt = DateTime.UnixEpoch,
    };

    /// <summary>Has every query explained before it runs.</summary>
    private sealed class Plans(string explain) : DbCommandInterceptor
    {
        public List<string> Found { get; } = [];

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            await using var explaining = command.Connection!.CreateCommand();
#pragma warning disable CA2100 // The query that is about to run.
            explaining.CommandText = $"{explain} {command.CommandText}";
#pragma warning restore CA2100
            foreach (DbParameter parameter in command.Parameters)
            {
                var same = explaining.CreateParameter();
                (same.ParameterName, same.Value) = (parameter.ParameterName, parameter.Value);
                explaining.Parameters.Add(same);
            }
            await using var reader = await explaining.ExecuteReaderAsync(cancellationToken);
            var plan = new StringBuilder();
            while (await reader.ReadAsync(cancellationToken))
                plan.AppendLine(reader.GetString(reader.FieldCount - 1));
            Found.Add(plan.ToString());
            return result;
        }
    }

    /// <summary>Numbers that look random and are the same every time.</summary>
    private sealed class Numbers(ulong state)
    {
        public ulong Next()
        {
            state ^= state << 13;
            state ^= state >> 7;
            return state ^= state << 17;
        }

        /// <summary>So many of the 64 bits.</summary>
        public ulong Bits(int count)
        {
            var bits = 0UL;
            while (BitOperations.PopCount(bits) < count)
                bits |= 1UL << (int)(Next() % 64);
            return bits;
        }
    }
}

public sealed class SqliteNearDuplicatesTests : NearDuplicatesTests
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("assay-near-");

    protected override string Explain => "EXPLAIN QUERY PLAN";

    protected override string WholeTable => "SCAN enrichments";

    protected override Task<CatalogOptions> NewCatalogAsync() =>
        Task.FromResult(new CatalogOptions { Kind = CatalogKind.Sqlite, File = Path.Combine(folder.FullName, "catalog.db") });

    protected override CatalogContext NewContext(IServiceProvider from, IInterceptor listener) =>
        new SqliteCatalog(new DbContextOptionsBuilder<SqliteCatalog>(from.GetRequiredService<DbContextOptions<SqliteCatalog>>()).AddInterceptors(listener).Options);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Delete(recursive: true);
    }
}

public sealed class PostgresNearDuplicatesTests : NearDuplicatesTests
{
    private Owned<PostgresServer>? database;

    protected override string Explain => "EXPLAIN";

    protected override string WholeTable => "Seq Scan";

    protected override async Task<CatalogOptions> NewCatalogAsync()
    {
        database = await Servers.NewDatabaseAsync();
        var server = new NpgsqlConnectionStringBuilder(database.Value.ConnectionString);
        return new CatalogOptions { Host = server.Host!, Port = server.Port, Database = server.Database!, User = server.Username!, Password = server.Password };
    }

    protected override CatalogContext NewContext(IServiceProvider from, IInterceptor listener) =>
        new PostgresCatalog(new DbContextOptionsBuilder<PostgresCatalog>(from.GetRequiredService<DbContextOptions<PostgresCatalog>>()).AddInterceptors(listener).Options);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (database is not null)
            await database.DisposeAsync();
    }
}
