namespace Assay.Platform.Objects;

/// <summary>What a store knows about an object.</summary>
/// <param name="Bucket">Its bucket.</param>
/// <param name="Key">Its key, unencoded.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Version">Changes whenever the content does: the etag of an S3 object.</param>
/// <param name="LastModified">UTC; to the second where the store says no more.</param>
/// <param name="Metadata">User metadata, names in lower case. Empty from a listing.</param>
/// <param name="ContentType">What whoever wrote it says that it is. Null from a listing, and where the store does not keep it.</param>
public sealed record StoredObject(
    string Bucket,
    string Key,
    long Bytes,
    string Version,
    DateTime LastModified,
    IReadOnlyDictionary<string, string> Metadata,
    string? ContentType = null);
