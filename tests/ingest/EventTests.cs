using System.Text;
using Assay.Platform.Objects;
using Assay.Tests.Distributed;
using Shouldly;
using Xunit;

namespace Assay.Tests.Ingest;

/// <summary>Notifications through the real broker to the real ingest service, about objects on the real S3 server.</summary>
public sealed class EventTests
{
    [Fact]
    public async Task Every_dialect_brings_in_every_key()
    {
        await using var deployment = await NewAsync();
        var expected = new List<string>();
        foreach (var (dialect, write) in new (string, Func<string, string, string>)[]
        {
            ("amazon", NotificationText.Amazon), ("minio", NotificationText.Minio), ("ceph", NotificationText.Ceph),
        })
        {
            foreach (var awkward in NotificationText.AwkwardKeys)
            {
                // The longest key stays as long as a key can be.
                var key = Encoding.UTF8.GetByteCount(awkward) == 1024 ? awkward[..^4] + dialect[..4] : $"{dialect}/{awkward}";
                expected.Add(key);
                await deployment.DropAsync(key, Encoding.UTF8.GetBytes(key));
                await deployment.PublishEventAsync(write(deployment.Landing, key));
            }
        }
        await ShouldHaveAsync(deployment, expected);
        foreach (var row in await deployment.QueryAsync("SELECT raw_path, raw_name, bronze_bucket, bronze_key FROM images"))
        {
            var path = (string)row[0]!;
            row[1].ShouldBe(path[(path.LastIndexOf('/') + 1)..]);
            Encoding.UTF8.GetString(await deployment.Objects.ReadUpToAsync((string)row[2]!, (string)row[3]!, 4096, CancellationToken.None)).ShouldBe(path);
        }
    }

    [Fact]
    public async Task What_is_no_creation_here_or_no_event_at_all_brings_in_nothing_and_stops_nothing()
    {
        await using var deployment = await NewAsync();
        var foreign = $"{deployment.Name}-foreign";
        await deployment.Objects.MakeBucketAsync(foreign, CancellationToken.None);
        using (var one = new MemoryStream([1]))
            await deployment.Objects.WriteAsync(foreign, "foreign.jpg", one, 1, "image/jpeg", null, CancellationToken.None);
        await deployment.DropAsync("removed.jpg", [1]);
        await deployment.PublishEventAsync(NotificationText.Amazon(foreign, "foreign.jpg"));
        // A stranger's key must not lead out of the landing bucket.
        await deployment.PublishEventAsync(NotificationText.Ceph(deployment.Landing, $"../{foreign}/foreign.jpg"));
        await deployment.PublishEventAsync(NotificationText.Ceph(deployment.Landing, new string('x', 1024)));
        await deployment.PublishEventAsync(NotificationText.Records(NotificationText.AmazonRecord(deployment.Landing, "removed.jpg", "ObjectRemoved:Delete")));
        await deployment.PublishEventAsync("""{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}""");
        await deployment.PublishEventAsync("not JSON at all");
        string[] wanted = ["one.jpg", "two.jpg", "three.jpg"];
        foreach (var key in wanted)
            await deployment.DropAsync(key, Encoding.UTF8.GetBytes(key));
        await deployment.PublishEventAsync(
            NotificationText.Records([.. wanted.Select(key => NotificationText.AmazonRecord(deployment.Landing, key))]), routingKey: "bucket.events.created");

        await ShouldHaveAsync(deployment, wanted);
        await Eventually.HoldsAsync("nothing is left", async () => (await deployment.QueuesAsync()) is var queues && queues["s3-events"] == 0 && queues["ingest"] == 0, details: deployment.Logs);
        await Eventually.HoldsAsync("only what is no JSON is kept, as it came", async () =>
            (await deployment.QueryAsync("SELECT queue, convert_from(body, 'UTF8'), retryable FROM failures")) is [["s3-events", "not JSON at all", false]], details: deployment.Logs);
        await ShouldHaveAsync(deployment, wanted);
    }

    [Fact]
    public async Task An_event_five_times_over_makes_one_image()
    {
        await using var deployment = await NewAsync();
        await deployment.DropAsync("a.jpg", [1]);
        for (var i = 0; i < 5; i++)
            await deployment.PublishEventAsync(NotificationText.Ceph(deployment.Landing, "a.jpg"));
        // Five announcements wait for the next stage, which does not run.
        await Eventually.HoldsAsync("all five went through", async () => (await deployment.QueuesAsync())["preprocess"] == 5, details: deployment.Logs);
        (await deployment.CountAsync("COUNT(*) FROM images")).ShouldBe(1);
    }

    private static async Task<Deployment> NewAsync()
    {
        var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "";
        await deployment.SetupAsync();
        await deployment.StartAsync("Assay.Ingest");
        return deployment;
    }

    private static async Task ShouldHaveAsync(Deployment deployment, IReadOnlyCollection<string> keys)
    {
        await Eventually.HoldsAsync(
            $"{keys.Count} images are in the catalog", async () => await deployment.CountAsync("COUNT(*) FROM images") >= keys.Count, details: deployment.Logs);
        (await deployment.QueryAsync("SELECT raw_path FROM images")).Select(row => (string)row[0]!).ShouldBe(keys, ignoreOrder: true);
    }
}
