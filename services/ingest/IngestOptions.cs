using System.ComponentModel.DataAnnotations;

namespace Assay.Ingest;

/// <summary>What is taken in, and from where. Section <c>Ingest</c>.</summary>
public sealed class IngestOptions : IValidatableObject
{
    /// <summary>The landing buckets to watch. Default: one source named <c>landing</c> on the bucket <c>landing</c>.</summary>
    public IReadOnlyList<LandingSource> Sources { get; init; } = [];

    /// <summary>The topic exchange to which the S3 server publishes its bucket notifications. Default <c>s3.events</c>.</summary>
    [Required]
    public string EventExchange { get; init; } = "s3.events";

    /// <summary>
    /// What the bucket notification is to name: a queue (<c>arn:minio:sqs::NAME:amqp</c>) or topic (<c>arn:aws:sns:REGION::NAME</c>) ARN.
    /// Default none, or empty: <c>assay setup</c> leaves notifications alone and the scan finds everything.
    /// </summary>
    public string? NotificationArn { get; init; }

    /// <summary>The largest HTTP upload in bytes. Default 100 MiB.</summary>
    /// <value>bytes</value>
    [Range(1, 10L << 30)]
    public long MaxUploadBytes { get; init; } = 100L << 20;

    /// <summary>Room for how many uploads of the largest size there is in the temporary folder, where each lies until it has landed; smaller ones are more. While it is full the answer is 503. Default 10: 1000 MiB.</summary>
    /// <value>uploads</value>
    [Range(1, 10_000)]
    public int UploadRoom { get; init; } = 10;

    /// <summary>How long an upload that has arrived may take to become durable, before the answer is 503; a second more for every 10 MiB. Default 3 seconds, so that a client is answered within 5 on a busy machine, too.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan UploadPatience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The name of the source that uploads over HTTP land in. Default: the first source.</summary>
    public string? UploadSource { get; init; }

    /// <summary>The sources that count: those configured, else the default one.</summary>
    public IReadOnlyList<LandingSource> ActiveSources => Sources.Count > 0 ? Sources : DefaultSources;

    private static readonly LandingSource[] DefaultSources = [new()];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (UploadSource is not null && ActiveSources.All(source => source.Name != UploadSource))
            yield return new ValidationResult($"there is no source named '{UploadSource}'.", [nameof(UploadSource)]);
        if (ActiveSources.GroupBy(source => source.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            yield return new ValidationResult($"two sources are named '{twice.Key}'.", [nameof(Sources)]);
    }
}
