using System.Net;
using System.Text.Json;
using Assay.Ingest;
using MassTransit.Serialization;
using Shouldly;
using Xunit;

namespace Assay.Tests.Ingest;

/// <summary>Notifications of three kinds of S3 servers, read as the bus reads them.</summary>
public sealed class S3EventTests
{
    /// <summary>Keys that some server or client has got wrong at some time.</summary>
    public static TheoryData<string> Keys => new(NotificationText.AwkwardKeys);

    [Theory, MemberData(nameof(Keys))]
    public void Amazon_and_minio_encode_keys_and_ceph_does_not(string key)
    {
        Created(NotificationText.Amazon("b", key)).ShouldBe([("b", key)]);
        Created(NotificationText.Minio("b", key)).ShouldBe([("b", key)]);
        Created(NotificationText.Ceph("b", key)).ShouldBe([("b", key)]);
    }

    [Fact]
    public void One_event_may_hold_several_records()
    {
        var text = NotificationText.Records(
            NotificationText.AmazonRecord("b", "one.jpg"),
            NotificationText.AmazonRecord("b", "removed.jpg", "ObjectRemoved:Delete"),
            NotificationText.AmazonRecord("c", "two.jpg", "ObjectCreated:CompleteMultipartUpload"));
        Created(text).ShouldBe([("b", "one.jpg"), ("c", "two.jpg")]);
    }

    [Theory]
    [InlineData("ObjectRemoved:Delete")]
    [InlineData("s3:ObjectRemoved:DeleteMarkerCreated")]
    [InlineData("s3:ObjectAccessed:Get")]
    [InlineData("ObjectRestore:Completed")]
    [InlineData("LifecycleExpiration:Delete")]
    [InlineData("ObjectTagging:Put")]
    public void Only_creation_counts(string name) =>
        Created(NotificationText.Records(NotificationText.AmazonRecord("b", "k", name))).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-01-01T00:00:00.000Z","Bucket":"b","RequestId":"1","HostId":"2"}""")]
    [InlineData("{}")]
    [InlineData("""{"Records":[]}""")]
    [InlineData("""{"Records":null}""")]
    [InlineData("""{"Records":[{"eventName":"ObjectCreated:Put"}]}""")]
    [InlineData("""{"Records":[{"eventName":"ObjectCreated:Put","s3":{}}]}""")]
    [InlineData("""{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{}}}]}""")]
    [InlineData("""{"Records":[{"s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}]}""")]
    public void Test_messages_and_half_messages_announce_nothing(string text) => Created(text).ShouldBeEmpty();

    private static List<(string Bucket, string Key)> Created(string text) =>
        [.. JsonSerializer.Deserialize<S3Event>(text, SystemTextJsonMessageSerializer.Options).ShouldNotBeNull().CreatedObjects()];
}

/// <summary>Notifications as three kinds of S3 servers write them (Amazon: "Event message structure"; MinIO and Ceph: captured).</summary>
internal static class NotificationText
{
    public static readonly string[] AwkwardKeys =
    [
        "plain.jpg",
        "with space/a b.jpg",
        "plus+plus.jpg",
        "100%/50%20off.jpg",
        "Zürich/ë.jpg",
        "e\u0301 decomposed.jpg",
        "社/🏖️.jpg",
        "quo\"te'&<>?#=;.jpg",
        // As long as a key can be: 1,024 bytes.
        string.Concat(Enumerable.Repeat("社社社社社社社社社社社社社社社ü +%/", 20)) + "1.jp",
    ];

    public static string Amazon(string bucket, string key) => Records(AmazonRecord(bucket, key));

    public static object AmazonRecord(string bucket, string key, string name = "ObjectCreated:Put") => new
    {
        eventVersion = "2.1",
        eventSource = "aws:s3",
        awsRegion = "eu-central-1",
        eventTime = "2026-05-17T08:30:00.000Z",
        eventName = name,
        userIdentity = new { principalId = "AWS:A" },
        s3 = new
        {
            s3SchemaVersion = "1.0",
            configurationId = "assay-landing",
            bucket = new { name = bucket, arn = $"arn:aws:s3:::{bucket}" },
            @object = new { key = WebUtility.UrlEncode(key), size = 1, eTag = "0", sequencer = "0" },
        },
    };

    public static string Minio(string bucket, string key) => JsonSerializer.Serialize(new
    {
        EventName = "s3:ObjectCreated:Put",
        Key = $"{bucket}/{key}",
        Records = new[]
        {
            new
            {
                eventVersion = "2.0",
                eventSource = "minio:s3",
                eventName = "s3:ObjectCreated:Put",
                s3 = new
                {
                    bucket = new { name = bucket },
                    @object = new { key = WebUtility.UrlEncode(key), size = 1, userMetadata = new Dictionary<string, string> { ["X-Amz-Meta-User-Id"] = "u" } },
                },
            },
        },
    });

    public static string Ceph(string bucket, string key) => Records(new
    {
        eventVersion = "2.2",
        eventSource = "ceph:s3",
        eventName = "ObjectCreated:Put",
        s3 = new
        {
            bucket = new { name = bucket, id = "x" },
            @object = new { key, size = 1, metadata = new[] { new { key = "x-amz-meta-user-id", val = "u" } } },
        },
    });

    public static string Records(params object[] records) => JsonSerializer.Serialize(new { Records = records });
}
