using System.Globalization;
using Assay.Platform.Hosting;
using Shouldly;
using Xunit;

namespace Assay.Tests.Ingest;

public sealed class ScanTests
{
    [Fact]
    public async Task What_waits_to_be_taken_in_is_not_announced_by_every_scan()
    {
        await using var ingest = await IngestHost.StartAsync();
        ingest.LoseBronze();
        await ingest.DropAsync("waiting.jpg", [1]);
        (await ingest.ScanAsync()).ShouldBe(1);
        (await ingest.ScanAsync()).ShouldBe(0);
        await ingest.DropAsync("waiting.jpg", [1, 2]);
        (await ingest.ScanAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_scan_finds_what_no_event_announced_and_nothing_twice()
    {
        await using var ingest = await IngestHost.StartAsync();
        await ingest.DropAsync("announced.jpg", [1]);
        await ingest.HintAsync("announced.jpg");
        await ingest.ImagesAsync(announced: 1);
        await ingest.DropAsync("deep/er/overlooked.jpg", [2]);

        (await ingest.ScanAsync()).ShouldBe(1);
        (await ingest.ImagesAsync(announced: 2)).Select(image => image.RawPath).ShouldBe(["announced.jpg", "deep/er/overlooked.jpg"]);
        (await ingest.ScanAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_new_version_under_an_old_key_is_a_new_image()
    {
        await using var ingest = await IngestHost.StartAsync();
        await ingest.DropAsync("same.jpg", [1]);
        await ingest.ScanAsync();
        await ingest.ImagesAsync(announced: 1);
        await ingest.DropAsync("same.jpg", [2, 2]);

        (await ingest.ScanAsync()).ShouldBe(1);
        var images = await ingest.ImagesAsync(announced: 2);
        images.Select(image => image.Bytes).Order().ShouldBe([1, 2]);
        images.Select(image => image.Id).Distinct().Count().ShouldBe(2);
        (await ingest.ScanAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task What_comes_late_with_an_early_time_is_found()
    {
        var folder = Directory.CreateTempSubdirectory("assay-late-");
        await using (var ingest = await IngestHost.StartAsync(("Objects:Folder", folder.FullName)))
        {
            await ingest.DropAsync("new.jpg", [1]);
            await ingest.ScanAsync();
            await ingest.ImagesAsync(announced: 1);
            await ingest.DropAsync("old.jpg", [2]);
            File.SetLastWriteTimeUtc(Path.Combine(folder.FullName, "landing", "old.jpg"), new DateTime(1999, 12, 31, 0, 0, 0, DateTimeKind.Utc));

            (await ingest.ScanAsync()).ShouldBe(1);
            (await ingest.ImagesAsync(announced: 2))[1].BronzeKey.ShouldStartWith("1999/12/31/");
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Of_overlapping_sources_the_one_with_the_longest_prefix_takes_an_object()
    {
        await using var ingest = await IngestHost.StartAsync(
            ("Ingest:Sources:0:Name", "all"), ("Ingest:Sources:0:Scan", ""),
            ("Ingest:Sources:1:Name", "partner"), ("Ingest:Sources:1:Prefix", "partner/"), ("Ingest:Sources:1:Scan", ""),
            ("Ingest:Sources:2:Name", "press"), ("Ingest:Sources:2:Prefix", "partner/press-"), ("Ingest:Sources:2:Scan", ""),
            ("Ingest:Sources:3:Name", "other"), ("Ingest:Sources:3:Bucket", "other"), ("Ingest:Sources:3:Prefix", "in/"), ("Ingest:Sources:3:Scan", ""));
        foreach (var key in new[] { "a.jpg", "partner.jpg", "partner/b.jpg", "partner/press-1/c.jpg" })
            await ingest.DropAsync(key, [1]);
        foreach (var key in new[] { "in/d.jpg", "out/e.jpg" })
            await ingest.Objects.WriteAsync("other", key, new MemoryStream([1]), 1, "image/jpeg", null, CancellationToken.None);

        (await ingest.ScanAsync()).ShouldBe(5);
        (await ingest.ImagesAsync(announced: 5)).Select(image => (image.Source, image.RawPath)).ShouldBe(
            [("all", "a.jpg"), ("other", "in/d.jpg"), ("all", "partner.jpg"), ("partner", "partner/b.jpg"), ("press", "partner/press-1/c.jpg")], ignoreOrder: true);
        (await ingest.ScanAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_scan_runs_by_itself_on_schedule()
    {
        await using var ingest = await IngestHost.StartAsync(("Ingest:Sources:0:Scan", "* * * * * *"));
        await ingest.DropAsync("a.jpg", [1]);
        (await ingest.ImagesAsync(announced: 1, again: true)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_scan_may_be_due_only_in_half_a_year()
    {
        var due = DateTime.UtcNow.AddDays(180);
        await using var ingest = await IngestHost.StartAsync(("Ingest:Sources:0:Scan", string.Create(CultureInfo.InvariantCulture, $"0 0 {due.Day} {due.Month} *")));
        await ingest.DropAsync("a.jpg", [1]);
        await ingest.HintAsync("a.jpg");
        await ingest.ImagesAsync(announced: 1);
        ingest.Scan.ExecuteTask.ShouldNotBeNull().Status.ShouldBe(TaskStatus.WaitingForActivation);
    }

    [Fact]
    public async Task A_scan_that_fails_does_not_stop_the_next_one()
    {
        var folder = Directory.CreateTempSubdirectory("assay-away-");
        await using (var ingest = await IngestHost.StartAsync(("Ingest:Sources:0:Scan", "* * * * * *"), ("Objects:Folder", folder.FullName)))
        {
            await ingest.DropAsync("a.jpg", [1]);
            await ingest.ImagesAsync(announced: 1, again: true);
            var (bucket, away) = (Path.Combine(folder.FullName, "landing"), Path.Combine(folder.FullName, "away"));
            Directory.Move(bucket, away);
            await Eventually.HoldsAsync("a scan has failed", () => ingest.Errors.Messages.Any(message => message.StartsWith("landing: the scan failed", StringComparison.Ordinal)));
            Directory.Move(away, bucket);
            await ingest.DropAsync("b.jpg", [2]);
            (await ingest.ImagesAsync(announced: 2, again: true)).Count.ShouldBe(2);
        }
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("every now and then")]
    [InlineData("61 * * * *")]
    [InlineData("* * *")]
    public async Task A_wrong_cron_expression_is_one_sentence_that_names_the_setting(string scan)
    {
        var wrong = await Should.ThrowAsync<SettingsException>(() => IngestHost.StartAsync(("Ingest:Sources:0:Scan", scan)));
        wrong.Message.ShouldStartWith("ASSAY_INGEST__SOURCES__0__SCAN is wrong: ");
        wrong.Message.ShouldContain(scan);
        wrong.Message.ShouldNotContain("\n");
    }

    [Fact]
    public async Task An_s3_server_is_scanned_page_by_page_to_the_last_object()
    {
        const int objects = 1050;
        var s3 = Servers.S3();
        var name = Servers.NewName();
        await using var ingest = await IngestHost.StartAsync(
            ("Objects:Kind", "S3"), ("Objects:Endpoint", s3.Endpoint.ToString()), ("Objects:AccessKey", s3.AccessKey), ("Objects:SecretKey", s3.SecretKey),
            ("Objects:BucketPrefix", name + "-"), ("Ingest:Sources:0:Bucket", name + "-landing"), ("Ingest:Sources:0:Prefix", "in box/"));
        await ingest.DropAsync("elsewhere.jpg", [0]);
        await Parallel.ForEachAsync(Enumerable.Range(0, objects), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
            await ingest.DropAsync($"in box/100% ü+{i}.jpg", BitConverter.GetBytes(i)));

        (await ingest.ScanAsync()).ShouldBe(objects);
        var images = await ingest.ImagesAsync(announced: objects);
        images.Count.ShouldBe(objects);
        images.Select(image => image.RawPath).Order(StringComparer.Ordinal).ShouldBe(
            Enumerable.Range(0, objects).Select(i => string.Create(CultureInfo.InvariantCulture, $"in box/100% ü+{i}.jpg")).Order(StringComparer.Ordinal));
        (await ingest.ScanAsync()).ShouldBe(0);
    }
}
