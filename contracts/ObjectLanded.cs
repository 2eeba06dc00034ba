namespace Assay.Contracts;

/// <summary>
/// An object may be waiting in a landing bucket. A hint, whoever gives it (a bucket notification, the scan, an upload):
/// the object store says whether it is there and which version it has.
/// </summary>
/// <param name="Source">The configured source that watches this bucket.</param>
/// <param name="Bucket">The landing bucket.</param>
/// <param name="Key">The object's key, decoded.</param>
public sealed record ObjectLanded(string Source, string Bucket, string Key);
