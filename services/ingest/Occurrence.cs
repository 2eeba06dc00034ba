namespace Assay.Ingest;

/// <summary>One version of one object at one place: what ingest takes in once.</summary>
/// <param name="Source">The configured source.</param>
/// <param name="Path">The landing object's key, or the absolute path of a file (<c>archive!entry</c> inside an archive).</param>
/// <param name="Version">Its etag or version; the SHA-256 for a local file.</param>
/// <param name="LastModified">When it was last modified. UTC.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Name">The file name as the uploader wrote it.</param>
/// <param name="UserId">Who it belongs to.</param>
/// <param name="UploadedAt">When the uploader says it was uploaded, else <paramref name="LastModified"/>. UTC.</param>
/// <param name="Batch">What came together with it.</param>
/// <param name="DeclaredType">The media type that the uploader declared, if that says anything.</param>
/// <param name="IsBulk">Whether it comes in as bulk work.</param>
/// <param name="TraceParent">The uploader's trace (W3C <c>traceparent</c>).</param>
public sealed record Occurrence(
    string Source,
    string Path,
    string Version,
    DateTime LastModified,
    long Bytes,
    string Name,
    string? UserId,
    DateTime UploadedAt,
    string? Batch = null,
    string? DeclaredType = null,
    bool IsBulk = false,
    string? TraceParent = null);
