using Assay.Tests.Ingest;
using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>A backfill and what comes fresh.</summary>
public sealed class BulkWorkTests
{
    private const int Backfill = 200;

    [Fact]
    public async Task A_fresh_image_does_not_wait_behind_a_backfill()
    {
        await using var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "";
        deployment.Settings["ASSAY_INGEST__SOURCES__1__NAME"] = "backfill";
        deployment.Settings["ASSAY_INGEST__SOURCES__1__BUCKET"] = deployment.Landing;
        deployment.Settings["ASSAY_INGEST__SOURCES__1__PREFIX"] = "old/";
        deployment.Settings["ASSAY_INGEST__SOURCES__1__SCAN"] = "* * * * * *";
        deployment.Settings["ASSAY_INGEST__SOURCES__1__BULK"] = "true";
        await deployment.SetupAsync();
        var photos = Directory.EnumerateFiles(SharedFolder.Require("images", "photos"), "*.jpg").Order(StringComparer.Ordinal).Take(Backfill + 1).ToList();
        foreach (var photo in photos[1..])
            await deployment.DropAsync($"old/{Path.GetFileName(photo)}", await File.ReadAllBytesAsync(photo, TestContext.Current.CancellationToken));
        await deployment.StartAllAsync();
        await Eventually.HoldsAsync("the backfill is being worked on", async () => await deployment.CountAsync("COUNT(*) FROM predictions") > 0, details: deployment.Logs);

        await deployment.DropAsync("fresh.jpg", await File.ReadAllBytesAsync(photos[0], TestContext.Current.CancellationToken));
        await deployment.PublishEventAsync(NotificationText.Records(NotificationText.AmazonRecord(deployment.Landing, "fresh.jpg")));
        await Eventually.HoldsAsync(
            "the fresh image is classified",
            async () => await deployment.CountAsync("COUNT(*) FROM image_status WHERE source = 'landing' AND status = 'classified'") == 1,
            details: deployment.Logs);

        // All of the backfill was there before it.
        (await deployment.CountAsync("COUNT(*) FROM predictions")).ShouldBeLessThan(Backfill);
        await deployment.AllEndAsync(photos.Count);
        await deployment.ShouldHaveClassifiedOnceAsync(photos.Count);
    }
}
