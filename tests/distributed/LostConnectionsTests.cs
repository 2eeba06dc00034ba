using System.Diagnostics;
using System.Net;
using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>Services that lose a server: what comes back by itself, and what only a supervisor can help.</summary>
public sealed class LostConnectionsTests(ITestOutputHelper log)
{
    // Longer than a service may be without its bus while the broker is there, and than the longest pause between two attempts.
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(75);

    [Fact]
    public async Task A_broker_that_was_away_for_long_has_all_services_working_again_within_a_minute()
    {
        await using var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "*/2 * * * * *";
        await deployment.SetupAsync();
        await using var door = deployment.DoorTo("ASSAY_BUS__PORT");
        var services = await deployment.StartAllAsync();
        await Eventually.HoldsAsync("all are ready", () => ServiceProcess.AllAreAsync(services, HttpStatusCode.OK), details: deployment.Logs);

        door.Close();
        await Eventually.HoldsAsync("none is ready", () => ServiceProcess.AllAreAsync(services, HttpStatusCode.ServiceUnavailable), details: deployment.Logs);
        await deployment.DropAsync("town.webp", await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "samples", "town.webp"), TestContext.Current.CancellationToken));
        var closed = Stopwatch.GetTimestamp();
        await Eventually.HoldsAsync("the broker was away for long", async () =>
        {
            // One that has ended answers nothing: this would throw.
            (await ServiceProcess.AllAreAsync(services, HttpStatusCode.ServiceUnavailable)).ShouldBeTrue(deployment.Logs());
            return Stopwatch.GetElapsedTime(closed) > Away;
        }, Away * 2, deployment.Logs);

        door.Open();
        var minute = Stopwatch.StartNew();
        await Eventually.HoldsAsync("the image is classified", async () => await deployment.CountAsync("COUNT(*) FROM predictions") == 1, TimeSpan.FromSeconds(60), deployment.Logs);
        await Eventually.HoldsAsync("all are ready", () => ServiceProcess.AllAreAsync(services, HttpStatusCode.OK), TimeSpan.FromSeconds(60) - minute.Elapsed, deployment.Logs);
        log.WriteLine($"Working again after {minute.Elapsed.TotalSeconds:0.0} s.");
    }

    [Fact]
    public async Task A_service_that_cannot_consume_any_more_says_so_and_ends_for_its_supervisor()
    {
        await using var deployment = await Deployment.NewAsync();
        await deployment.SetupAsync();
        await using var door = deployment.DoorTo("ASSAY_BUS__PORT");
        var service = await deployment.StartAsync("Assay.Preprocess");
        await Eventually.HoldsAsync("it is ready", async () => (await service.ReadyAsync()).Status == HttpStatusCode.OK, details: service.ToString);

        await AllowToReadAsync(deployment, "^$");
        door.Close();
        door.Open();
        await Eventually.HoldsAsync("it is not ready", async () => (await service.ReadyAsync()).Status == HttpStatusCode.ServiceUnavailable, details: service.ToString);

        var result = await service.ExitAsync(TimeSpan.FromMinutes(3));
        result.ExitCode.ShouldBe(3, service.ToString());
        var sentence = result.OutputLines.Where(line => line.Contains("ends with exit code 3", StringComparison.Ordinal)).ShouldHaveSingleItem();
        sentence.ShouldContain("crit: ");
        sentence.ShouldContain("/preprocess: ");

        await AllowToReadAsync(deployment, ".*");
        service = await deployment.StartAsync("Assay.Preprocess");
        await Eventually.HoldsAsync("the next one is ready", async () => (await service.ReadyAsync()).Status == HttpStatusCode.OK, details: service.ToString);
    }

    [Theory]
    [InlineData("ASSAY_BUS__PORT")]
    [InlineData("ASSAY_CATALOG__PORT")]
    [InlineData("ASSAY_OBJECTS__ENDPOINT")]
    public async Task Connections_that_nothing_comes_through_any_more_are_given_up_and_made_anew_within_a_minute(string server)
    {
        await using var deployment = await Deployment.NewAsync();
        await deployment.SetupAsync();
        await using var door = deployment.DoorTo(server);
        ServiceProcess[] services = [.. await deployment.StartAllAsync(), await deployment.StartAsync("Assay.Steward")];
        await DropAsync("town.webp");
        await Eventually.HoldsAsync("the first is classified", async () => await deployment.CountAsync("COUNT(*) FROM predictions") == 1, details: deployment.Logs);

        door.Forget();
        var forgotten = Stopwatch.StartNew();
        await DropAsync("chart-lines.png");
        await Eventually.HoldsAsync("the second is classified", async () => await deployment.CountAsync("COUNT(*) FROM predictions") == 2, TimeSpan.FromSeconds(60), deployment.Logs);
        await Eventually.HoldsAsync("all are ready", () => ServiceProcess.AllAreAsync(services, HttpStatusCode.OK), TimeSpan.FromSeconds(60) - forgotten.Elapsed, deployment.Logs);
        log.WriteLine($"Working again after {forgotten.Elapsed.TotalSeconds:0.0} s.");

        async Task DropAsync(string key)
        {
            await deployment.DropAsync(key, await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "samples", key), TestContext.Current.CancellationToken));
            await deployment.AnnounceAsync(key);
        }
    }

    [Theory]
    [InlineData("ASSAY_BUS__PORT")]
    [InlineData("ASSAY_CATALOG__PORT")]
    [InlineData("ASSAY_OBJECTS__ENDPOINT")]
    public async Task A_service_that_is_asked_to_stop_while_a_server_says_nothing_ends_orderly_within_30_seconds(string server)
    {
        await using var deployment = await Deployment.NewAsync();
        await deployment.SetupAsync();
        await using var door = deployment.DoorTo(server);
        ServiceProcess[] services = [.. await deployment.StartAllAsync(), await deployment.StartAsync("Assay.Steward")];
        await Eventually.HoldsAsync("all are ready", () => ServiceProcess.AllAreAsync(services, HttpStatusCode.OK), details: deployment.Logs);

        var photos = await deployment.DropPhotographsAsync(60);
        await deployment.AnnounceAsync(photos);
        await Eventually.HoldsAsync("some are classified", async () => await deployment.CountAsync("COUNT(*) FROM predictions") > 5, details: deployment.Logs);

        door.Break(Fault.BlackHole);
        var ends = await ServiceProcess.StopAllAsync(services, TimeSpan.FromSeconds(30), log.WriteLine);
        ends.Select(end => end.ExitCode).ShouldAllBe(code => code == 0, deployment.Logs());

        door.Open();
        await deployment.StartAllAsync();
        await deployment.AllEndAsync(photos.Count);
        await deployment.ShouldHaveClassifiedOnceAsync(photos.Count);
    }

    private static Task<string> AllowToReadAsync(Deployment deployment, string queues) => Servers.AdministerAsync(
        HttpMethod.Put, $"api/permissions/{deployment.Broker.VirtualHost}/{deployment.Broker.User}", new { configure = ".*", write = ".*", read = queues });
}
