using System.Net;
using System.Text.Json;

namespace Assay.Tests.Ingest;

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
        new string('k', 1020) + ".jpg",
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
