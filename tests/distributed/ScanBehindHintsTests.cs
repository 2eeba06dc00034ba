using Assay.Tests.Ingest;
using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>Scans, and hints that wait already.</summary>
public sealed class ScanBehindHintsTests
{
    [Fact]
    public async Task A_scan_is_put_off_while_many_hints_wait_and_finds_everything_afterwards()
    {
        await using var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "* * * * * *";
        await deployment.SetupAsync();
        // Without its bronze bucket it works each hint off in seconds and in vain.
        var slow = await deployment.StartAsync("Assay.Ingest", ("ASSAY_OBJECTS__BUCKETPREFIX", $"{deployment.Name}-away-"));
        await deployment.DropAsync("announced.jpg", [1]);
        await deployment.PublishEventAsync(NotificationText.Records([.. Enumerable.Repeat(NotificationText.AmazonRecord(deployment.Landing, "announced.jpg"), 200)]));
        await Eventually.HoldsAsync("a scan is put off", () => slow.ToString().Contains("the scan is put off", StringComparison.Ordinal), details: deployment.Logs);
        await deployment.DropAsync("late.jpg", [2]);
        (await slow.StopAsync(TimeSpan.FromSeconds(30))).ExitCode.ShouldBe(0, slow.ToString());

        await deployment.StartAsync("Assay.Ingest");
        await Eventually.HoldsAsync("both are taken in", async () => await deployment.CountAsync("COUNT(*) FROM images") == 2, details: deployment.Logs);
    }
}
