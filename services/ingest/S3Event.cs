using System.Net;

namespace Assay.Ingest;

/// <summary>
/// A bucket notification as MinIO, Ceph RGW and Amazon send it: the fields that the three have in common.
/// (Amazon: docs "Event message structure"; MinIO adds <c>EventName</c> and <c>Key</c> beside <c>Records</c>.)
/// </summary>
/// <param name="Records">What happened; absent in Amazon's test message.</param>
public sealed record S3Event(IReadOnlyList<S3EventRecord>? Records)
{
    /// <summary>The objects that were created, with their keys decoded.</summary>
    public IEnumerable<(string Bucket, string Key)> CreatedObjects() =>
        from record in Records ?? []
        where record.IsCreation && record.S3 is { Bucket.Name: not null, Object.Key: not null }
        select (record.S3!.Bucket!.Name!, record.DecodedKey);
}

/// <summary>One thing that happened in a bucket.</summary>
/// <param name="EventSource"><c>minio:s3</c>, <c>ceph:s3</c> or <c>aws:s3</c>.</param>
/// <param name="EventName"><c>s3:ObjectCreated:Put</c> (MinIO) or <c>ObjectCreated:Put</c>.</param>
/// <param name="S3">Where.</param>
public sealed record S3EventRecord(string? EventSource, string? EventName, S3EventEntity? S3)
{
    internal bool IsCreation => EventName is not null
        && (EventName.StartsWith("ObjectCreated:", StringComparison.Ordinal) || EventName.StartsWith("s3:ObjectCreated:", StringComparison.Ordinal));

    // Ceph sends keys as they are; MinIO and Amazon encode them like form fields, with '+' for a space.
    internal string DecodedKey => EventSource == "ceph:s3" ? S3!.Object!.Key! : WebUtility.UrlDecode(S3!.Object!.Key!);
}

/// <summary>Where something happened.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Object">The object.</param>
#pragma warning disable CA1720 // "object" is what the notification calls it.
public sealed record S3EventEntity(S3EventBucket? Bucket, S3EventObject? Object);
#pragma warning restore CA1720

/// <summary>A bucket of a notification.</summary>
/// <param name="Name">Its name.</param>
public sealed record S3EventBucket(string? Name);

/// <summary>An object of a notification.</summary>
/// <param name="Key">Its key, encoded as the server pleases.</param>
public sealed record S3EventObject(string? Key);
