using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>How each service starts, says how it is, and stops.</summary>
public sealed class ServiceTests
{
    [Theory]
    [InlineData("Assay.Ingest")]
    [InlineData("Assay.Preprocess")]
    [InlineData("Assay.Enrich")]
    [InlineData("Assay.Classify")]
    [InlineData("Assay.Steward")]
    public async Task A_service_says_that_it_is_alive_and_ready_and_ends_when_asked(string program)
    {
        await using var deployment = await Deployment.NewAsync();
        await deployment.SetupAsync();
        var service = await deployment.StartAsync(program);
        await Eventually.HoldsAsync("it is ready", async () => (await service.ReadyAsync()).Status == HttpStatusCode.OK, details: service.ToString);
        (await service.Http.GetAsync(new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await service.StopAsync(TimeSpan.FromSeconds(30))).ExitCode.ShouldBe(0, service.ToString());
    }

    [Theory]
    [InlineData("Assay.Preprocess", "ASSAY_BUS__PORT", "masstransit-bus")]
    [InlineData("Assay.Preprocess", "ASSAY_CATALOG__PORT", "catalog")]
    [InlineData("Assay.Preprocess", "ASSAY_OBJECTS__ENDPOINT", "objects")]
    [InlineData("Assay.Steward", "ASSAY_BUS__PORT", "broker")]
    [InlineData("Assay.Steward", "ASSAY_CATALOG__PORT", "catalog")]
    public async Task Without_one_of_its_servers_a_service_lives_and_is_not_ready_and_names_it(string program, string setting, string name)
    {
        await using var deployment = await Deployment.NewAsync();
        await deployment.SetupAsync();
        await using var door = deployment.DoorTo(setting);
        var service = await deployment.StartAsync(program);
        await Eventually.HoldsAsync("it is ready", async () => (await service.ReadyAsync()).Status == HttpStatusCode.OK, details: service.ToString);

        door.Close();
        var answer = "";
        await Eventually.HoldsAsync("it is not ready", async () =>
        {
            (var status, answer) = await service.ReadyAsync();
            return status == HttpStatusCode.ServiceUnavailable;
        }, details: service.ToString);
        answer.ShouldContain($"\"{name}\":");
        answer.ShouldNotContain($"\"{name}\":\"Healthy\"");
        (await service.Http.GetAsync(new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);

        door.Open();
        await Eventually.HoldsAsync("it is ready again", async () => (await service.ReadyAsync()).Status == HttpStatusCode.OK, details: service.ToString);
        (await service.StopAsync(TimeSpan.FromSeconds(30))).ExitCode.ShouldBe(0, service.ToString());
    }

    // All servers answer, and nothing would work.
    [Theory]
    [InlineData("ASSAY_OBJECTS__ACCESSKEY", "nobody")]
    [InlineData("ASSAY_INGEST__SOURCES__0__BUCKET", "not-made")]
    public async Task A_service_whose_key_is_refused_or_whose_bucket_is_missing_is_not_ready(string setting, string value)
    {
        await using var deployment = await Deployment.NewAsync();
        await deployment.SetupAsync();
        var service = await deployment.StartAsync("Assay.Ingest", (setting, value));
        await Eventually.HoldsAsync("all but the objects are ready", async () =>
        {
            var (status, answer) = await service.ReadyAsync();
            var checks = JsonSerializer.Deserialize<Dictionary<string, string>>(answer)!;
            return status == HttpStatusCode.ServiceUnavailable && checks.Where(check => check.Value != "Healthy").Select(check => check.Key).SequenceEqual(["objects"]);
        }, details: service.ToString);
    }

    [Theory]
    [InlineData("Assay.Ingest", "ASSAY_INGEST__SOURCES__0__SCAN", "every now and then")]
    [InlineData("Assay.Ingest", "ASSAY_INGEST__MAXUPLOADBYTES", "-1")]
    [InlineData("Assay.Preprocess", "ASSAY_BUS__PORT", "0")]
    [InlineData("Assay.Enrich", "ASSAY_OBJECTS__BUCKETPREFIX", "Capital-")]
    public Task A_wrong_setting_ends_a_service_with_one_sentence_that_names_it(string program, string setting, string value) =>
        ShouldEndAsync(program, setting, new(Deployment.UnusedSecrets) { [setting] = value });

    [Theory]
    [InlineData("ASSAY_CATALOG__PASSWORD")]
    [InlineData("ASSAY_OBJECTS__ACCESSKEY")]
    public Task A_password_that_is_not_set_ends_a_service_with_one_sentence_that_names_it(string setting) =>
        ShouldEndAsync("Assay.Classify", setting, new(Deployment.UnusedSecrets.Where(secret => secret.Key != setting)));

    private static async Task ShouldEndAsync(string program, string setting, Dictionary<string, string> settings)
    {
        await using var process = AssayProcess.Start(program, settings);
        var result = await process.ExitAsync(TimeSpan.FromSeconds(60));
        result.ExitCode.ShouldBe(2, process.ToString());
        result.ErrorLines.ShouldHaveSingleItem().ShouldStartWith(setting);
    }

    [Fact]
    public async Task Setup_changes_nothing_the_second_time()
    {
        await using var deployment = await Deployment.NewAsync();
        (await deployment.SetupAsync()).Output.ShouldContain("Ready: ");
        (await deployment.SetupAsync()).Output.ShouldBe("Everything was ready: nothing changed.\n");
    }
}
