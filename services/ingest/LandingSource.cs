using System.ComponentModel.DataAnnotations;
using Cronos;

namespace Assay.Ingest;

/// <summary>A bucket, or a part of one, that upstream systems drop files into. It is read and never modified.</summary>
public sealed class LandingSource : IValidatableObject
{
    /// <summary>The source's name in catalog and ledger. Default <c>landing</c>. Never change it: an image's id depends on it.</summary>
    [Required]
    public string Name { get; init; } = "landing";

    /// <summary>The bucket. Default <c>landing</c>.</summary>
    [Required]
    public string Bucket { get; init; } = "landing";

    /// <summary>Only keys that begin with this. Default all.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>
    /// When to list the bucket for what no event announced: a cron expression of five fields (or six, with seconds first), in UTC.
    /// Default every five minutes; empty for never.
    /// </summary>
    public string Scan { get; init; } = "*/5 * * * *";

    /// <summary>How a key says whose image it is, e.g. <c>users/{userId}/</c>. Default none. Metadata <c>user-id</c> comes first.</summary>
    public string? KeyPattern { get; init; }

    /// <summary>
    /// Whether what lands here is bulk work, a backfill for instance: it then has queues and a share of the workers of its own, and fresh images of other
    /// sources do not wait behind it. Default false.
    /// </summary>
    public bool Bulk { get; init; }

    /// <summary>After how many days the S3 server may remove what landed; <c>assay setup</c> makes the lifecycle rule. Default 0: never.</summary>
    /// <value>days</value>
    [Range(0, 3650)]
    public int ExpireDays { get; init; }

    /// <summary>The schedule, or null for none.</summary>
    /// <exception cref="CronFormatException">It is not a cron expression.</exception>
    internal CronExpression? Schedule => string.IsNullOrWhiteSpace(Scan)
        ? null
        : CronExpression.Parse(Scan, Scan.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var scan = Try(() => Schedule);
        if (scan is not null)
            yield return new ValidationResult($"'{Scan}' is not a cron expression. {scan}", [nameof(Scan)]);
        var pattern = Try(() => KeyPattern is null ? null : new UserPattern(KeyPattern));
        if (pattern is not null)
            yield return new ValidationResult(pattern, [nameof(KeyPattern)]);
    }

    private static string? Try(Func<object?> parse)
    {
        try
        {
            parse();
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }
}
