using Assay.Platform.Objects;
using Assay.Tests.Classify;
using Assay.Tests.Deploy;
using Npgsql;
using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>The backup that docs/operations.md describes, and the way back.</summary>
public sealed class BackupTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_the_catalog_of_yesterday_and_the_originals_everything_comes_back()
    {
        await Tools.RequireAsync("pg_dump", "--version");
        await using var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "* * * * * *";
        await deployment.SetupAsync();
        var services = await deployment.StartAllAsync();
        await deployment.DropAsync("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        await deployment.DropAsync("blue.jpg", Picture.Plain(50, 50, Picture.Blue).Jpeg());
        await deployment.DropAsync("notes.jpg", "no picture"u8.ToArray());
        await deployment.AllEndAsync(3);

        // The catalog while the services run; what lands afterwards is in younger layers only.
        var dump = Path.GetTempFileName();
        await Tools.RunAsync("pg_dump", "--format=custom", $"--file={dump}", Address(deployment.Database.ConnectionString));
        await deployment.DropAsync("late.jpg", Picture.Detailed(80, 60).Jpeg());
        await deployment.AllEndAsync(4);
        var before = await LabelsAsync(deployment);
        foreach (var service in services)
            (await service.StopAsync(TimeSpan.FromSeconds(30))).ExitCode.ShouldBe(0, service.ToString());

        // What cannot be made again, after the catalog. Then all is lost, and this is put back.
        string[] kept = [Layer.Bronze, Layer.Quarantine, Layer.Models];
        foreach (var layer in kept)
            await MoveAllAsync(deployment, BucketOf(layer), "", deployment.Landing, $"backup/{layer}/");
        await Servers.LoseAsync(deployment.Database);
        foreach (var layer in new[] { Layer.Silver, Layer.Gold })
        {
            await foreach (var one in deployment.Objects.ListAsync(BucketOf(layer), "", Token))
                await deployment.RemoveAsync(one.Bucket, one.Key);
        }
        foreach (var layer in kept)
            (await MoveAllAsync(deployment, deployment.Landing, $"backup/{layer}/", BucketOf(layer), "")).ShouldBeGreaterThan(0, layer);
        await Tools.RunAsync("pg_restore", "--no-owner", "--no-privileges", $"--dbname={Address(deployment.Database.ConnectionString)}", dump);
        File.Delete(dump);

        await deployment.SetupAsync();
        await using (var verify = AssayProcess.Start("assay", deployment.Settings, ["verify", "--deployed", "--repair", "--grace", "0"]))
            await verify.ExitAsync(TimeSpan.FromMinutes(2));
        await deployment.StartAllAsync();
        await deployment.AllEndAsync(4);
        (await LabelsAsync(deployment)).ShouldBe(before);
        await deployment.CommandAsync([], "verify", "--deployed", "--all", "--grace", "0");

        string BucketOf(string layer) => $"{deployment.Name}-{layer}";
    }

    [Fact]
    public async Task With_roles_of_their_own_the_owner_upgrades_the_restored_catalog_and_services_only_add_to_it()
    {
        const string refused = "42501";
        await Tools.RequireAsync("pg_dump", "--version");
        await using var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "* * * * * *";
        await using var accounts = await Accounts.NewAsync(deployment);
        var services = await Task.WhenAll(Accounts.Services.Select(service => accounts.StartAsync(service)));
        await deployment.DropAsync("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        await deployment.DropAsync("notes.jpg", "no picture"u8.ToArray());
        await deployment.AllEndAsync(2);
        foreach (var service in services)
            (await service.StopAsync(TimeSpan.FromSeconds(30))).ExitCode.ShouldBe(0, service.ToString());
        var facts = await FactsAsync(deployment);
        var labels = await LabelsAsync(deployment);

        var dump = Path.GetTempFileName();
        await Tools.RunAsync("pg_dump", "--format=custom", $"--file={dump}", Address(accounts.ConnectionOf("reader")));
        // Logins are the server's and stay. What the database let them do is lost with it.
        await Servers.LoseAsync(deployment.Database);
        await accounts.MakeRolesAsync();
        await Tools.RunAsync("pg_restore", "--no-owner", "--no-privileges", $"--dbname={Address(accounts.ConnectionOf("owner"))}", dump);
        File.Delete(dump);
        await deployment.SetupAsync(accounts.SettingsOf("owner"));
        await accounts.GrantAsync();

        (await FactsAsync(deployment)).ShouldBe(facts, ignoreOrder: true);
        (await LabelsAsync(deployment)).ShouldBe(labels);
        (await deployment.QueryAsync("SELECT has_database_privilege('public', current_database(), 'CONNECT')"))[0][0].ShouldBe(false, "Whoever has a login on the server gets in.");
        // As the migration of a next version will.
        (await accounts.TryAsync("owner", "ALTER TABLE images ADD COLUMN colour text; DROP VIEW failure_groups; CREATE TABLE moods (id uuid PRIMARY KEY)")).ShouldBeNull();
        foreach (var service in Accounts.Services)
        {
            foreach (var table in facts.Keys)
                (await accounts.TryAsync(service, $"DELETE FROM {table} WHERE false")).ShouldBe(refused, $"{service} deletes from {table}");
            (await accounts.TryAsync(service, "UPDATE images SET raw_name = '' WHERE false")).ShouldBe(refused, $"{service} changes images");
        }
        await deployment.CommandAsync(accounts.SettingsOf("operator"), "verify", "--deployed", "--repair", "--grace", "0");
        await Task.WhenAll(Accounts.Services.Select(service => accounts.StartAsync(service)));
        await deployment.DropAsync("late.jpg", Picture.Detailed(80, 60).Jpeg());
        await deployment.AllEndAsync(3);
        (await deployment.CountAsync("COUNT(*) FROM image_status WHERE status = 'classified'")).ShouldBe(2, deployment.Logs());
        deployment.Logs().ShouldNotContain($"{refused}: ");
    }

    private static async Task<int> MoveAllAsync(Deployment deployment, string from, string prefix, string to, string newPrefix)
    {
        var moved = 0;
        foreach (var one in await deployment.Objects.ListAsync(from, prefix, Token).ToListAsync(Token))
        {
            await deployment.Objects.CopyAsync(from, one.Key, to, newPrefix + one.Key[prefix.Length..], Token);
            await deployment.RemoveAsync(from, one.Key);
            moved++;
        }
        return moved;
    }

    private static string Address(string connection)
    {
        var database = new NpgsqlConnectionStringBuilder(connection);
        return $"postgresql://{Uri.EscapeDataString(database.Username!)}:{Uri.EscapeDataString(database.Password!)}@{database.Host}:{database.Port}/{database.Database}";
    }

    // How many rows each table has.
    private static async Task<Dictionary<string, long>> FactsAsync(Deployment deployment)
    {
        var facts = new Dictionary<string, long>();
        foreach (var table in await deployment.QueryAsync("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"))
            facts.Add((string)table[0]!, await deployment.CountAsync($"COUNT(*) FROM {table[0]}"));
        return facts;
    }

    private static async Task<string[]> LabelsAsync(Deployment deployment) =>
        [.. (await deployment.QueryAsync("SELECT s.image_id || ' ' || s.status || ' ' || coalesce(l.label, '') FROM image_status s LEFT JOIN current_labels l ON l.image_id = s.image_id ORDER BY 1")).Select(row => (string)row[0]!)];
}
