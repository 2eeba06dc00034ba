namespace Assay.Contracts;

/// <summary>Where an image came from: what the uploader and the landing object said, unchanged through all stages.</summary>
/// <param name="Source">The configured source: <c>landing</c>, <c>local</c> …</param>
/// <param name="Batch">What came together (an archive, one upload request), if anything did.</param>
/// <param name="UserId">Who it belongs to, from object metadata, the key pattern or the request.</param>
/// <param name="RawName">The file name as the uploader wrote it.</param>
/// <param name="RawPath">The landing object's whole key, or the absolute path of a file.</param>
/// <param name="UploadedAt">When the uploader says it was uploaded, else when the landing object was last modified. UTC.</param>
/// <param name="IngestedAt">When Assay took it in. UTC.</param>
/// <param name="DeclaredType">The media type that the uploader declared (<c>Content-Type</c>), lower case; null where that says nothing.</param>
public sealed record Origin(
    string Source,
    string? Batch,
    string? UserId,
    string RawName,
    string RawPath,
    DateTime UploadedAt,
    DateTime IngestedAt,
    string? DeclaredType = null);
