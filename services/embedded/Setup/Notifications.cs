using Assay.Ingest;
using Minio.DataModel.Notification;

namespace Assay.Embedded.Setup;

/// <summary>A bucket's notification configuration, with Assay's part in it.</summary>
internal static class Notifications
{
    private const string Created = "s3:ObjectCreated:*";

    /// <summary>Adds what a source needs. Returns false when it is there already. What others have configured stays.</summary>
    /// <param name="configuration">What the bucket has.</param>
    /// <param name="arn">A queue's ARN (MinIO: <c>arn:minio:sqs::NAME:amqp</c>) or a topic's (<c>arn:aws:sns:REGION::NAME</c>).</param>
    /// <param name="source">The source.</param>
    public static bool Add(BucketNotification configuration, string arn, LandingSource source)
    {
        var id = $"assay-{source.Name}";
        if (arn.Contains(":sns:", StringComparison.Ordinal))
        {
            if (configuration.TopicConfigs.Exists(topic => topic.Topic == arn && IsSame(topic, id, source)))
                return false;
            configuration.TopicConfigs.RemoveAll(topic => topic.Id == id);
            configuration.AddTopic(Complete(new TopicConfig(arn), id, source));
            return true;
        }
        if (configuration.QueueConfigs.Exists(queue => queue.Queue == arn && IsSame(queue, id, source)))
            return false;
        configuration.QueueConfigs.RemoveAll(queue => queue.Id == id);
        configuration.AddQueue(Complete(new QueueConfig(arn), id, source));
        return true;
    }

    private static bool IsSame(NotificationConfiguration existing, string id, LandingSource source) =>
        existing.Id == id && existing.Events.Exists(type => type.Value == Created) && PrefixOf(existing) == source.Prefix;

    private static string PrefixOf(NotificationConfiguration existing) =>
        existing.Filter?.S3Key?.FilterRules.FirstOrDefault(rule => string.Equals(rule.Name, "prefix", StringComparison.OrdinalIgnoreCase))?.Value ?? "";

    private static T Complete<T>(T configuration, string id, LandingSource source) where T : NotificationConfiguration
    {
        configuration.Id = id;
        configuration.AddEvents([new EventType(Created)]);
        if (source.Prefix.Length > 0)
            configuration.AddFilterPrefix(source.Prefix);
        return configuration;
    }
}
