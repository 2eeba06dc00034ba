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
