using Amazon.S3;
using Amazon.S3.Model;
using Assay.Ingest;

namespace Assay.Embedded.Setup;

/// <summary>A bucket's notification configuration, with Assay's part in it.</summary>
internal static class Notifications
{
    private static readonly EventType Created = EventType.ObjectCreatedAll;

    /// <summary>What a bucket's configuration must become for a source; null when it is so already. What others have configured stays.</summary>
    /// <param name="existing">What the bucket has.</param>
    /// <param name="arn">A queue's ARN (MinIO: <c>arn:minio:sqs::NAME:amqp</c>) or a topic's (<c>arn:aws:sns:REGION::NAME</c>).</param>
    /// <param name="source">The source.</param>
    public static PutBucketNotificationRequest? Add(GetBucketNotificationResponse existing, string arn, LandingSource source)
    {
        var id = $"assay-{source.Name}";
        var wanted = new PutBucketNotificationRequest
        {
            BucketName = source.Bucket,
            TopicConfigurations = existing.TopicConfigurations ?? [],
            QueueConfigurations = existing.QueueConfigurations ?? [],
            LambdaFunctionConfigurations = existing.LambdaFunctionConfigurations,
            EventBridgeConfiguration = existing.EventBridgeConfiguration,
        };
        return arn.Contains(":sns:", StringComparison.Ordinal)
            ? Replace(wanted, wanted.TopicConfigurations, topic => topic.Id, topic => topic.Topic, new TopicConfiguration { Id = id, Topic = arn }, source)
            : Replace(wanted, wanted.QueueConfigurations, queue => queue.Id, queue => queue.Queue, new QueueConfiguration { Id = id, Queue = arn }, source);
    }

    private static PutBucketNotificationRequest? Replace<T>(
        PutBucketNotificationRequest request, List<T> all, Func<T, string> id, Func<T, string> arn, T ours, LandingSource source) where T : NotificationConfiguration
    {
        // Several: Ceph adds to what a bucket has instead of replacing it, so that an address which was changed stays beside the new one.
        if (all.Exists(other => id(other) == id(ours) && arn(other) == arn(ours) && other.Events.Contains(Created) && PrefixOf(other) == source.Prefix))
            return null;
        all.RemoveAll(other => id(other) == id(ours));
        ours.Events = [Created];
        if (source.Prefix.Length > 0)
            ours.Filter = new Filter { S3KeyFilter = new S3KeyFilter { FilterRules = [new FilterRule("prefix", source.Prefix)] } };
        all.Add(ours);
        return request;
    }

    private static string PrefixOf(NotificationConfiguration existing) =>
        existing.Filter?.S3KeyFilter?.FilterRules?.Find(rule => string.Equals(rule.Name, "prefix", StringComparison.OrdinalIgnoreCase))?.Value ?? "";
}
