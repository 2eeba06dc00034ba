using Assay.Platform.Objects;
using Assay.Tests.Classify;
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
        await Tools.RunAsync("pg_dump", "--format=custom", $"--file={dump}", Address(deployment));
        await deployment.DropAsync("late.jpg", Picture.Detailed(80, 60).Jpeg());
        await deployment.AllEndAsync(4);
        var before = await LabelsAsync(deployment);
        foreach (var service in services)
            (await service.StopAsync(TimeSpan.FromSeconds(30))).ExitCode.ShouldBe(0, service.ToString());

        // What cannot be made again, after the catalog. Then all is lost, and this is put back.
        string[] kept = [Layer.Bronze, Layer.Quarantine, Layer.Models];
        foreach (var layer in kept)
            await MoveAllAsync(deployment, BucketOf(layer), "", deployment.Landing, $"backup/{layer}/");
        await deployment.QueryAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        foreach (var layer in new[] { Layer.Silver, Layer.Gold })
        {
            await foreach (var one in deployment.Objects.ListAsync(BucketOf(layer), "", Token))
                await deployment.RemoveAsync(one.Bucket, one.Key);
        }
        foreach (var layer in kept)
            (await MoveAllAsync(deployment, deployment.Landing, $"backup/{layer}/", BucketOf(layer), "")).ShouldBeGreaterThan(0, layer);
        await Tools.RunAsync("pg_restore", "--no-owner", $"--dbname={Address(deployment)}", dump);
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

    private static string Address(Deployment deployment)
    {
        var database = new NpgsqlConnectionStringBuilder(deployment.Database.ConnectionString);
        return $"postgresql://{Uri.EscapeDataString(database.Username!)}:{Uri.EscapeDataString(database.Password!)}@{database.Host}:{database.Port}/{database.Database}";
    }

    private static async Task<string[]> LabelsAsync(Deployment deployment) =>
        [.. (await deployment.QueryAsync("SELECT s.image_id || ' ' || s.status || ' ' || coalesce(l.label, '') FROM image_status s LEFT JOIN current_labels l ON l.image_id = s.image_id ORDER BY 1")).Select(row => (string)row[0]!)];
}
