namespace Assay.Platform.Objects;

/// <summary>An object that should be there is not.</summary>
/// <param name="bucket">The bucket.</param>
/// <param name="key">The key.</param>
/// <param name="version">The version that was asked for, if one was.</param>
/// <param name="inner">What the store said.</param>
public sealed class ObjectMissingException(string bucket, string key, string? version = null, Exception? inner = null)
    : Exception($"There is no object {bucket}/{key}{(version is null ? "" : $" of version {version}")}.", inner);
