using Assay.Contracts;
using Assay.Platform.Objects;

namespace Assay.Platform.Catalog.Facts;

/// <summary>An image was seen and its original is in bronze: one row per occurrence (source, key and version). Written by <c>ingest</c>.</summary>
public sealed class ImageFact
{
    /// <summary>Time-ordered and deterministic: see <see cref="ImageIdentity"/>.</summary>
    public required Guid Id { get; init; }

    /// <summary>The configured source it came from.</summary>
    public required string Source { get; init; }

    /// <summary>The landing object's key, or the absolute path of a file.</summary>
    public required string RawPath { get; init; }

    /// <summary>The landing object's etag or version; the content's SHA-256 for a local file. With source and path it says what was taken in already.</summary>
    public required string Version { get; init; }

    /// <summary>What came together with it (an archive, one upload request).</summary>
    public string? Batch { get; init; }

    /// <summary>Who it belongs to.</summary>
    public string? UserId { get; init; }

    /// <summary>The file name as the uploader wrote it.</summary>
    public required string RawName { get; init; }

    /// <summary>The media type that the uploader declared, if that says anything.</summary>
    public string? DeclaredType { get; init; }

    /// <summary>When the uploader says it was uploaded, else when the landing object was last modified. UTC.</summary>
    public required DateTime UploadedAt { get; init; }

    /// <summary>When it was taken in. UTC.</summary>
    public required DateTime IngestedAt { get; init; }

    /// <summary>Bucket of the original.</summary>
    public required string BronzeBucket { get; init; }

    /// <summary>Key of the original.</summary>
    public required string BronzeKey { get; init; }

    /// <summary>Size of the original in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Lower-case hex SHA-256 of the original.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The earliest other image whose original has the same bytes, if there was one when this image came in.</summary>
    public Guid? TwinOf { get; init; }

    /// <summary>Whether it came in as bulk work, so that it is announced again as that.</summary>
    public bool Bulk { get; init; }

    /// <summary>The trace of its way (W3C <c>traceparent</c>), for what is announced again to join it; null where nobody traced.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The original's reference.</summary>
    public ObjectReference Bronze => new(Layer.Bronze, BronzeBucket, BronzeKey, Bytes, Sha256);

    /// <summary>Where it came from, as every event says it.</summary>
    public Origin Origin => new(Source, Batch, UserId, RawName, RawPath, UploadedAt, IngestedAt, DeclaredType);

    /// <summary>What is said about it when it has come in, and said again whenever somebody must hear it again.</summary>
    public ImageIngested ToEvent() => new(Id, Origin, Bronze, TwinOf);
}
