namespace Assay.Contracts;

/// <summary>Where an object's bytes are, and what they must be. Messages carry this instead of bytes (claim check).</summary>
/// <param name="Layer">The layer's name: <c>bronze</c>, <c>silver</c>, <c>gold</c> or <c>quarantine</c>. Says what the object is, wherever it is kept.</param>
/// <param name="Bucket">The bucket (a folder when embedded) that holds it.</param>
/// <param name="Key">Its key, unencoded, with <c>/</c> between parts.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of its bytes.</param>
public sealed record ObjectReference(string Layer, string Bucket, string Key, long Bytes, string Sha256);
