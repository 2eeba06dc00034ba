using System.Net;
using System.Net.Sockets;
using System.Text;
using Assay.Platform.Objects;
using Assay.Tests.Classify;
using Assay.Tests.Embedded;
using Assay.Tests.Ingest;
using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>The commands that look at a deployment instead of a data folder.</summary>
public sealed class DeployedCommandsTests
{
    [Fact]
    public async Task Show_and_status_look_at_a_deployment()
    {
        await using var deployment = await Deployment.NewAsync();
        await deployment.SetupAsync();
        await deployment.StartAllAsync();
        await deployment.DropAsync("in/garden.jpg", Picture.Detailed(640, 480).Jpeg());
        await deployment.PublishEventAsync(NotificationText.Ceph(deployment.Landing, "in/garden.jpg"));
        await deployment.AllEndAsync(1);

        var show = await RunAsync(deployment, [], "show", "garden.jpg", "--deployed");
        show.ExitCode.ShouldBe(0, show.Error);
        foreach (var layer in new[] { "bronze", "silver", "gold" })
            show.OutputLines.ShouldContain(line => line.Contains($" {layer} ") && line.Contains($" {deployment.Name}-{layer}/"), layer);
        show.Output.ShouldNotContain(" missing ");

        var status = await RunAsync(deployment, [], "status", "--deployed");
        status.ExitCode.ShouldBe(0, status.Error);
        status.OutputLines.ShouldContain(line => line.Contains(" landing "));

        var unknown = await RunAsync(deployment, [], "show", "never-seen.jpg", "--deployed");
        unknown.ExitCode.ShouldBe(1);
        unknown.ErrorLines.ShouldHaveSingleItem().ShouldStartWith("There is no image 'never-seen.jpg' in ");

        var away = await RunAsync(deployment, [("ASSAY_OBJECTS__ENDPOINT", "http://127.0.0.1:1")], "show", "garden.jpg", "--deployed");
        away.ExitCode.ShouldBe(1);
        away.ErrorLines.ShouldHaveSingleItem().ShouldStartWith("The object store http://127.0.0.1:1/ does not answer as it should: ");
    }

    [Fact]
    public async Task Verify_finds_damage_in_a_deployment_and_mends_it_while_the_services_run()
    {
        await using var deployment = await Deployment.NewAsync();
        await deployment.SetupAsync();
        await deployment.StartAllAsync();
        string[] keys = ["in/a.jpg", "in/b.jpg", "in/c.jpg"];
        foreach (var (i, key) in keys.Index())
        {
            await deployment.DropAsync(key, Picture.Detailed(640 + i, 480).Jpeg(), new() { ["user-id"] = "ännä" });
            await deployment.PublishEventAsync(NotificationText.Ceph(deployment.Landing, key));
        }
        await deployment.AllEndAsync(keys.Length);
        (await RunAsync(deployment, [], "verify", "--deployed", "--all", "--grace", "0")).ShouldSatisfyAllConditions(
            result => result.ExitCode.ShouldBe(0, result.ToString()),
            result => result.Output.ShouldBe("3 images with 12 objects, of which 12 were read: layers and catalog agree.\n"));

        var objects = await ReadAllAsync(deployment);
        var written = (await deployment.QueryAsync("SELECT layer, raw_path, object_key FROM lineage WHERE layer IS NOT NULL")).ToDictionary(row => (row[0], row[1]), row => (string)row[2]!);
        string KeyOf(string layer, int number) => written[(layer, keys[number])];
        var (bronze, silver, gold) = ($"{deployment.Name}-bronze", $"{deployment.Name}-silver", $"{deployment.Name}-gold");
        await deployment.RemoveAsync(bronze, KeyOf("bronze", 0));
        await deployment.RemoveAsync(silver, KeyOf("silver", 0));
        await deployment.RemoveAsync(gold, KeyOf("gold", 0));
        await WriteAsync(deployment, silver, KeyOf("silver", 1), "no image");
        await WriteAsync(deployment, gold, Path.ChangeExtension(KeyOf("gold", 2), ".json"), "{}");
        await WriteAsync(deployment, gold, "left/over.jpg", "no image");

        var found = await RunAsync(deployment, [], "verify", "--deployed", "--all", "--grace", "0", "--repair", "--json");
        found.ExitCode.ShouldBe(1, found.ToString());
        Workplace.Parse(found.OutputLines).Select(finding => (
                finding.GetProperty("kind").GetString(), finding.GetProperty("layer").GetString(), finding.GetProperty("object").GetString(), finding.GetProperty("mended").GetBoolean()))
            .ShouldBe(
            [
                ("missing", "bronze", $"{bronze}/{KeyOf("bronze", 0)}", true), ("missing", "silver", $"{silver}/{KeyOf("silver", 0)}", true),
                ("missing", "gold", $"{gold}/{KeyOf("gold", 0)}", true), ("wrong-size", "silver", $"{silver}/{KeyOf("silver", 1)}", true),
                ("unreadable", "sidecar", $"{gold}/{Path.ChangeExtension(KeyOf("gold", 2), ".json")}", true), ("without-fact", "gold", $"{gold}/left/over.jpg", false),
            ], ignoreOrder: true);
        await deployment.RemoveAsync(gold, "left/over.jpg");
        (await ReadAllAsync(deployment)).ShouldBe(objects, ignoreOrder: true);
        (await deployment.Objects.FindAsync(bronze, KeyOf("bronze", 0), TestContext.Current.CancellationToken))!.Metadata.ShouldBe(
            new Dictionary<string, string> { ["raw-name"] = "a.jpg", ["user-id"] = "ännä" }, ignoreOrder: true);

        var absent = await RunAsync(deployment, [("ASSAY_OBJECTS__BUCKETPREFIX", "nothing-there-")], "verify", "--deployed");
        absent.ExitCode.ShouldBe(1);
        absent.ErrorLines.ShouldHaveSingleItem().ShouldStartWith("The object store ");
    }

    [Fact]
    public async Task A_catalog_without_tables_is_left_alone_and_setup_is_named()
    {
        await using var deployment = await Deployment.NewAsync();
        var result = await RunAsync(deployment, [], "status", "--deployed");
        result.ExitCode.ShouldBe(1);
        result.ErrorLines.ShouldHaveSingleItem().ShouldEndWith("run 'assay setup', which makes them.");
        (await deployment.CountAsync("COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'")).ShouldBe(0);
    }

    [Fact]
    public async Task Setup_makes_a_database_that_is_not_there()
    {
        await using var deployment = await Deployment.NewAsync();
        var name = Servers.NewName();
        await deployment.SetupAsync(("ASSAY_CATALOG__DATABASE", name));
        (await deployment.CountAsync($"COUNT(*) FROM pg_database WHERE datname = '{name}'")).ShouldBe(1);
        await deployment.QueryAsync($"DROP DATABASE {name} WITH (FORCE)");
    }

    [Theory]
    [InlineData("ASSAY_CATALOG__PORT", "1")]
    [InlineData("ASSAY_CATALOG__HOST", "nowhere.invalid")]
    public async Task A_catalog_that_is_away_is_named(string setting, string value)
    {
        await using var deployment = await Deployment.NewAsync();
        var result = await RunAsync(deployment, [(setting, value)], "status", "--deployed");
        result.ExitCode.ShouldBe(1);
        result.ErrorLines.ShouldHaveSingleItem().ShouldStartWith("The catalog ");
        result.Error.ShouldContain(value);
    }

    [Fact]
    public async Task A_command_that_is_stopped_while_it_waits_says_so()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var settings = new Dictionary<string, string>(Deployment.UnusedSecrets) { ["ASSAY_CATALOG__PORT"] = $"{((IPEndPoint)silent.LocalEndpoint).Port}", ["ASSAY_SECRETS_DIR"] = "/nowhere" };
        await using var program = AssayProcess.Start("assay", settings, "verify", "--deployed");
        using var connection = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        program.Terminate();
        var result = await program.ExitAsync(TimeSpan.FromSeconds(30));
        result.ExitCode.ShouldBe(1, program.ToString());
        result.ErrorLines.ShouldHaveSingleItem().ShouldBe("Stopped before the end.");
    }

    // Every object with its bytes, as one line each.
    private static async Task<List<string>> ReadAllAsync(Deployment deployment)
    {
        var lines = new List<string>();
        foreach (var layer in Layer.All)
        {
            await foreach (var found in deployment.Objects.ListAsync($"{deployment.Name}-{layer}", "", TestContext.Current.CancellationToken))
                lines.Add($"{layer}/{found.Key} {Convert.ToHexString(await deployment.Objects.ReadUpToAsync(found.Bucket, found.Key, 1 << 24, TestContext.Current.CancellationToken))}");
        }
        return lines;
    }

    private static async Task WriteAsync(Deployment deployment, string bucket, string key, string text) => await deployment.Objects.WriteAllAsync(
        "", bucket, key, Encoding.UTF8.GetBytes(text), "text/plain", TestContext.Current.CancellationToken);

    private static async Task<ProcessResult> RunAsync(Deployment deployment, (string Name, string Value)[] settings, params string[] arguments)
    {
        var all = new Dictionary<string, string>(deployment.Settings);
        foreach (var (name, value) in settings)
            all[name] = value;
        await using var program = AssayProcess.Start("assay", all, arguments);
        return await program.ExitAsync(TimeSpan.FromMinutes(2));
    }
}
