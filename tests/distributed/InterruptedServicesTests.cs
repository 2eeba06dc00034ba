using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>Services that end in the middle of their work, asked or not, and others that take it over.</summary>
public sealed class InterruptedServicesTests
{
    private const int Photos = 100;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_services_ending_at_once_lose_nothing_and_do_nothing_twice(bool killed)
    {
        await using var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "";
        await deployment.SetupAsync();
        await deployment.AnnounceAsync(await deployment.DropPhotographsAsync(Photos));

        var services = await deployment.StartAllAsync();
        await Eventually.HoldsAsync("some are classified", async () => await deployment.CountAsync("COUNT(*) FROM predictions") > 5, details: deployment.Logs);
        var ends = await Task.WhenAll(services.Select(service => killed ? service.KillAsync() : service.StopAsync(TimeSpan.FromSeconds(30))));
        ends.Select(end => end.ExitCode).ShouldAllBe(code => code == (killed ? 137 : 0), deployment.Logs());
        (await deployment.CountAsync("COUNT(*) FROM predictions")).ShouldBeLessThan(Photos);

        await deployment.StartAllAsync();
        await deployment.AllEndAsync(Photos);
        await deployment.ShouldHaveClassifiedOnceAsync(Photos);
    }
}
