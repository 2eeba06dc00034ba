using Assay.Tests.Classify;
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
    public async Task A_catalog_without_tables_is_left_alone_and_setup_is_named()
    {
        await using var deployment = await Deployment.NewAsync();
        var result = await RunAsync(deployment, [], "status", "--deployed");
        result.ExitCode.ShouldBe(1);
        result.ErrorLines.ShouldHaveSingleItem().ShouldEndWith("run 'assay setup', which makes them.");
        (await deployment.CountAsync("COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'")).ShouldBe(0);
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

    private static async Task<ProcessResult> RunAsync(Deployment deployment, (string Name, string Value)[] settings, params string[] arguments)
    {
        var all = new Dictionary<string, string>(deployment.Settings);
        foreach (var (name, value) in settings)
            all[name] = value;
        await using var program = AssayProcess.Start("assay", all, arguments);
        return await program.ExitAsync(TimeSpan.FromMinutes(2));
    }
}
