using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Objects;
using Assay.Tests.Classify;
using Assay.Tests.Distributed;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Assay.Tests.Deploy;

/// <summary>Each service may do what it must, and no more: the rights in <c>deploy/</c>, applied to real servers.</summary>
public sealed class LeastPrivilegeTests
{
    private const string Refused = "42501";
    private const string NullRefused = "23502";

    // Which services add rows to a table. Nobody is named who is no service.
    private static readonly Dictionary<Type, string[]> Owners = new()
    {
        [typeof(ImageFact)] = ["ingest"],
        [typeof(CleansedFact)] = ["preprocess"],
        [typeof(EnrichedFact)] = ["enrich"],
        [typeof(QualityFact)] = ["enrich"],
        [typeof(PredictionFact)] = ["classify"],
        [typeof(RedriveFact)] = ["steward"],
        [typeof(ReplayFact)] = ["steward"],
        [typeof(AttemptFact)] = ["preprocess", "enrich"],
        [typeof(RejectionFact)] = ["preprocess", "enrich", "classify"],
        [typeof(FailureFact)] = Accounts.Services,
        [typeof(VerdictFact)] = [],
        [typeof(ModelFact)] = [],
        [typeof(ModelTransitionFact)] = [],
    };

    private static readonly string[] Layers = ["landing", Layer.Bronze, Layer.Silver, Layer.Gold, Layer.Quarantine, Layer.Models];

    // Of an object at the top of each bucket, whose name ends with .json.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["ingest"] = ["reads landing", "writes bronze"],
        ["preprocess"] = ["reads bronze", "reads silver", "writes silver"],
        ["enrich"] = ["reads bronze", "reads silver", "reads gold", "writes gold"],
        ["classify"] = ["reads bronze", "reads gold", "writes gold", "reads models"],
        ["steward"] = ["deletes from bronze"],
    };

    private static readonly (string, string)[] Quick =
        [("ASSAY_STEWARD__INTERVAL", "00:00:00.500"), ("ASSAY_STEWARD__OVERDUE", "00:00:03"), ("ASSAY_STEWARD__FIRSTPAUSE", "00:00:02")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_services_with_only_their_own_rights_do_all_that_there_is_to_do()
    {
        await using var deployment = await NewAsync();
        await using var accounts = await Accounts.NewAsync(deployment);
        // One event that is lost, and one original that is missing for a while.
        await accounts.StartAsync("ingest");
        var bytes = await DropAsync(deployment, "lost.png", "chart-lines.png");
        await Eventually.HoldsAsync("it waits", async () => (await deployment.QueuesAsync()).GetValueOrDefault("preprocess") == 1, details: deployment.Logs);
        await Servers.AdministerAsync(HttpMethod.Delete, $"api/queues/{deployment.Broker.VirtualHost}/preprocess/contents");
        var missing = await DropAsync(deployment, "missing.png", "document-page.png");
        var original = await Eventually.GetAsync("it is taken in", async () => (await deployment.QueryAsync("SELECT bronze_bucket, bronze_key FROM images WHERE raw_name = 'missing.png'")).SingleOrDefault(), details: deployment.Logs);
        await deployment.RemoveAsync((string)original[0]!, (string)original[1]!);
        await Task.WhenAll(accounts.StartAsync("preprocess"), accounts.StartAsync("enrich"), accounts.StartAsync("classify"), accounts.StartAsync("steward", Quick));
        await Eventually.HoldsAsync("it was given back", async () => await deployment.CountAsync("COUNT(*) FROM replays") > 0, details: deployment.Logs);
        await WriteAsync(deployment, (string)original[0]!, (string)original[1]!, missing);
        // One that is there twice, and one that is none.
        await WriteAsync(deployment, deployment.Landing, "again.png", bytes);
        await DropAsync(deployment, "notes.jpg", "notes.jpg");
        await deployment.AllEndAsync(4);

        (await deployment.CountAsync("COUNT(*) FROM image_status WHERE status = 'classified'")).ShouldBe(3, deployment.Logs());
        (await deployment.CountAsync("COUNT(*) FROM rejections WHERE stage = 'preprocess'")).ShouldBe(1);
        (await deployment.CountAsync("COUNT(*) FROM images WHERE twin_of IS NOT NULL")).ShouldBe(1);
        (await deployment.CountAsync("COUNT(*) FROM redrives")).ShouldBeGreaterThan(0);
        (await deployment.CountAsync("COUNT(*) FROM open_failures")).ShouldBe(0, deployment.Logs());
        (await deployment.CountAsync("COUNT(*) FROM failures WHERE exception <> 'ObjectMissingException'")).ShouldBe(0, deployment.Logs());
        deployment.Logs().ShouldNotContain($"{Refused}: ");
        deployment.Logs().ShouldNotContain("AccessDenied");
        // People's key sees all of it, whoever has written it.
        await deployment.CommandAsync(accounts.SettingsOf("operator"), "verify", "--deployed", "--all", "--grace", "0");
    }

    [Fact]
    public async Task The_store_refuses_a_service_every_bucket_and_every_act_that_is_not_its_own()
    {
        await using var deployment = await NewAsync();
        await using var accounts = await Accounts.NewAsync(deployment);
        foreach (var layer in Layers)
            await WriteAsync(deployment, $"{deployment.Name}-{layer}", "theirs.json", [1]);
        foreach (var service in Accounts.Services)
        {
            using var client = accounts.ClientOf(service);
            var allowed = new List<string>();
            foreach (var layer in Layers)
            {
                var bucket = $"{deployment.Name}-{layer}";
                if (await MayAsync(() => client.GetObjectAsync(bucket, "theirs.json", Token)))
                    allowed.Add($"reads {layer}");
                if (await MayAsync(() => client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "theirs.json", ContentBody = "x" }, Token)))
                    allowed.Add($"writes {layer}");
                if (await MayAsync(() => client.DeleteObjectAsync(bucket, "theirs.json", Token)))
                    allowed.Add($"deletes from {layer}");
                if (await MayAsync(() => client.PutBucketPolicyAsync(bucket, "{}", Token)))
                    allowed.Add($"rules {layer}");
            }
            allowed.ShouldBe(Allowed[service], ignoreOrder: true, service);
            (await MayAsync(() => client.PutBucketAsync($"{deployment.Name}-{service}", Token))).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Where_a_service_may_write_a_part_of_a_bucket_the_rest_is_refused()
    {
        await using var deployment = await NewAsync();
        await using var accounts = await Accounts.NewAsync(deployment);
        (string Service, string Layer, string Key, bool May)[] parts =
        [
            ("ingest", "landing", "uploads/2026/a", true), ("ingest", "landing", "a", false),
            ("classify", "gold", "2026/a.json", true), ("classify", "gold", "2026/a.jpg", false),
            ("preprocess", "quarantine", "preprocess/corrupt/a", true), ("preprocess", "quarantine", "enrich/corrupt/a", false),
            ("enrich", "quarantine", "enrich/corrupt/a", true), ("classify", "quarantine", "enrich/corrupt/a", false),
        ];
        foreach (var (service, layer, key, may) in parts)
        {
            using var client = accounts.ClientOf(service);
            var put = new PutObjectRequest { BucketName = $"{deployment.Name}-{layer}", Key = key, ContentBody = "x" };
            (await MayAsync(() => client.PutObjectAsync(put, Token))).ShouldBe(may, $"{service} writes {layer}/{key}");
        }
    }

    [Fact]
    public async Task The_catalog_refuses_a_service_every_change_but_new_rows_of_its_own_tables()
    {
        await using var deployment = await NewAsync();
        await using var accounts = await Accounts.NewAsync(deployment);
        var tables = await TablesAsync(deployment);
        tables.Select(table => table.Fact).ShouldBe(Owners.Keys, ignoreOrder: true, "Each fact has its services in this test, and its grants in deploy/postgres/grants.sql.");
        foreach (var service in Accounts.Services)
        {
            foreach (var (fact, table, column) in tables)
            {
                var isOwn = Owners[fact].Contains(service);
                // The row lacks everything: where it may be written at all, that is what the server objects to.
                (await accounts.TryAsync(service, $"INSERT INTO {table} DEFAULT VALUES")).ShouldBe(isOwn ? NullRefused : Refused, $"{service} adds to {table}");
                (await accounts.TryAsync(service, $"UPDATE {table} SET {column} = NULL WHERE false")).ShouldBe(Refused, $"{service} changes {table}");
                (await accounts.TryAsync(service, $"DELETE FROM {table} WHERE false")).ShouldBe(Refused, $"{service} deletes from {table}");
                (await accounts.TryAsync(service, $"TRUNCATE {table}")).ShouldBe(Refused, $"{service} empties {table}");
            }
            (await accounts.TryAsync(service, "CREATE TABLE mine (id int)")).ShouldBe(Refused, $"{service} makes a table");
            (await accounts.TryAsync(service, "DROP VIEW ledger_rejections")).ShouldBe(Refused, $"{service} removes a view");
            (await accounts.TryAsync(service, "CREATE TEMPORARY TABLE mine (id int)")).ShouldBe(Refused, $"{service} makes a temporary table");
            (await accounts.TryAsync(service, "SET ROLE assay_owner")).ShouldBe(Refused, $"{service} becomes the owner");
            (await accounts.TryAsync(service, "SELECT * FROM verdicts")).ShouldBe(Refused, $"{service} reads what people answered");
        }
        (await accounts.TryAsync("classify", "SELECT * FROM images")).ShouldBe(Refused);
        (await accounts.TryAsync("preprocess", "SELECT * FROM predictions")).ShouldBe(Refused);
    }

    [Fact]
    public async Task Rights_that_somebody_added_are_taken_away_when_the_grants_are_applied_again()
    {
        await using var deployment = await NewAsync();
        await using var accounts = await Accounts.NewAsync(deployment);
        await deployment.QueryAsync("GRANT DELETE ON images TO assay_steward; GRANT UPDATE ON predictions TO PUBLIC");
        (await accounts.TryAsync("steward", "DELETE FROM images WHERE false")).ShouldBeNull();
        (await accounts.TryAsync("ingest", "UPDATE predictions SET label = 'x'")).ShouldBeNull();
        await accounts.GrantAsync();
        (await accounts.TryAsync("steward", "DELETE FROM images WHERE false")).ShouldBe(Refused);
        (await accounts.TryAsync("ingest", "UPDATE predictions SET label = 'x'")).ShouldBe(Refused);
    }

    [Fact]
    public async Task Readers_only_look_and_operators_decide()
    {
        await using var deployment = await NewAsync();
        await using var accounts = await Accounts.NewAsync(deployment);
        await deployment.CommandAsync(accounts.SettingsOf("reader"), "status", "--deployed");
        using var next = PackageFolder.With(change: manifest => manifest with { Version = "2.0.0" });
        await deployment.CommandAsync(accounts.SettingsOf("operator"), "models", "add", next.Path, "--deployed");
        await deployment.CommandAsync(accounts.SettingsOf("operator"), "models", "activate", "tiny", "2.0.0", "--deployed");
        foreach (var (_, table, column) in await TablesAsync(deployment))
        {
            (await accounts.TryAsync("reader", $"SELECT * FROM {table}")).ShouldBeNull();
            (await accounts.TryAsync("reader", $"INSERT INTO {table} DEFAULT VALUES")).ShouldBe(Refused);
            (await accounts.TryAsync("operator", $"DELETE FROM {table} WHERE false")).ShouldBe(Refused);
            (await accounts.TryAsync("operator", $"UPDATE {table} SET {column} = NULL WHERE false")).ShouldBe(Refused);
        }
        (await accounts.TryAsync("operator", "INSERT INTO predictions DEFAULT VALUES")).ShouldBe(Refused);
        (await accounts.TryAsync("operator", "INSERT INTO verdicts DEFAULT VALUES")).ShouldBe(NullRefused);
    }

    private static async Task<Deployment> NewAsync()
    {
        var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "* * * * * *";
        return deployment;
    }

    // Every table of the catalog's model, so that a new one cannot be forgotten.
    private static async Task<List<(Type Fact, string Table, string Column)>> TablesAsync(Deployment deployment)
    {
        var database = new NpgsqlConnectionStringBuilder(deployment.Database.ConnectionString);
        await using var services = new ServiceCollection()
            .AddCatalog(new CatalogOptions { Host = database.Host!, Port = database.Port, Database = database.Database!, User = database.Username!, Password = database.Password })
            .BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        return [.. scope.ServiceProvider.GetRequiredService<CatalogContext>().Model.GetEntityTypes()
            .Where(entity => entity.GetTableName() is not null)
            .Select(entity => (entity.ClrType, entity.GetTableName()!, entity.GetProperties().First().GetColumnName()))];
    }

    private static async Task<bool> MayAsync<T>(Func<Task<T>> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (AmazonS3Exception refusal) when (refusal.StatusCode == HttpStatusCode.Forbidden)
        {
            return false;
        }
    }

    private static async Task<byte[]> DropAsync(Deployment deployment, string key, string sample)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "samples", sample), Token);
        await WriteAsync(deployment, deployment.Landing, key, bytes);
        return bytes;
    }

    private static async Task WriteAsync(Deployment deployment, string bucket, string key, byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        await deployment.Objects.WriteAsync(bucket, key, stream, bytes.Length, "application/octet-stream", null, Token);
    }
}
