namespace Assay.Platform.Catalog;

/// <summary>A row of the view <c>image_status</c>: how far one image came. Derived from the facts at every read.</summary>
public sealed class ImageStatus
{
    /// <summary>The status of an image that has a label.</summary>
    public const string Classified = "classified";

    /// <summary>The status of an image that a stage refused.</summary>
    public const string Rejected = "rejected";

    /// <summary>The status of an image that has not reached an end.</summary>
    public const string InFlight = "in flight";

    /// <summary>The image.</summary>
    public required Guid ImageId { get; init; }

    /// <summary>The configured source it came from.</summary>
    public required string Source { get; init; }

    /// <summary>The file name as the uploader wrote it.</summary>
    public required string RawName { get; init; }

    /// <summary>The landing object's key, or the absolute path of a file.</summary>
    public required string RawPath { get; init; }

    /// <summary>Who it belongs to.</summary>
    public string? UserId { get; init; }

    /// <summary>What came together with it.</summary>
    public string? Batch { get; init; }

    /// <summary>When it was uploaded. UTC.</summary>
    public required DateTime UploadedAt { get; init; }

    /// <summary>When it was taken in. UTC.</summary>
    public required DateTime IngestedAt { get; init; }

    /// <summary>Size of the original in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Lower-case hex SHA-256 of the original.</summary>
    public required string Sha256 { get; init; }

    /// <summary><see cref="Classified"/>, <see cref="Rejected"/> or <see cref="InFlight"/>.</summary>
    public required string Status { get; init; }

    /// <summary>The stage that ended its way, or the one it waits for.</summary>
    public required string Stage { get; init; }

    /// <summary>Why it was rejected, as a code.</summary>
    public string? Reason { get; init; }

    /// <summary>Why it was rejected, as a sentence.</summary>
    public string? Detail { get; init; }

    /// <summary>What the active model says it shows.</summary>
    public string? Label { get; init; }

    /// <summary>How sure the model is, 0 to 1.</summary>
    public double? Confidence { get; init; }

    /// <summary>Whether that reaches the threshold.</summary>
    public bool? Accepted { get; init; }

    /// <summary>The model's name.</summary>
    public string? Model { get; init; }

    /// <summary>The model's version.</summary>
    public string? ModelVersion { get; init; }

    /// <summary>When the model answered. UTC.</summary>
    public DateTime? PredictedAt { get; init; }

    /// <summary>What the original's bytes are.</summary>
    public string? MediaType { get; init; }

    /// <summary>Width of the original in pixels, upright.</summary>
    public int? RawWidth { get; init; }

    /// <summary>Height of the original in pixels, upright.</summary>
    public int? RawHeight { get; init; }

    /// <summary>Width of the silver image in pixels.</summary>
    public int? Width { get; init; }

    /// <summary>Height of the silver image in pixels.</summary>
    public int? Height { get; init; }

    /// <summary>The recipe of the silver image.</summary>
    public string? Recipe { get; init; }

    /// <summary>Bucket of the original.</summary>
    public required string BronzeBucket { get; init; }

    /// <summary>Key of the original.</summary>
    public required string BronzeKey { get; init; }

    /// <summary>Bucket of the silver image.</summary>
    public string? SilverBucket { get; init; }

    /// <summary>Key of the silver image.</summary>
    public string? SilverKey { get; init; }

    /// <summary>Bucket of the gold image.</summary>
    public string? GoldBucket { get; init; }

    /// <summary>Key of the gold image.</summary>
    public string? GoldKey { get; init; }

    /// <summary>Key of the gold image's sidecar.</summary>
    public string? SidecarKey { get; init; }

    /// <summary>Whether it reached an end.</summary>
    public bool Ended => Status != InFlight;
}
