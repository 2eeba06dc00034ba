using Assay.Contracts;
using Assay.Platform.Objects;

namespace Assay.Platform.Catalog.Facts;

/// <summary>A harmonised copy was made: one row per image and recipe. Written by <c>preprocess</c>.</summary>
public sealed record CleansedFact
{
    /// <summary>The image.</summary>
    public required Guid ImageId { get; init; }

    /// <summary>The version of the recipe, also part of the silver key.</summary>
    public required string Recipe { get; init; }

    /// <summary>What the original's bytes are, e.g. <c>image/jpeg</c>.</summary>
    public required string MediaType { get; init; }

    /// <summary>Width of the original in pixels, upright.</summary>
    public required int RawWidth { get; init; }

    /// <summary>Height of the original in pixels, upright.</summary>
    public required int RawHeight { get; init; }

    /// <summary>Frames or pages in the original; the first one was used.</summary>
    public required int Frames { get; init; }

    /// <summary>Width of the silver image in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the silver image in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Lower-case hex SHA-256 of the harmonised pixels, before they were encoded.</summary>
    public required string PixelSha256 { get; init; }

    /// <summary>Bucket of the silver image.</summary>
    public required string SilverBucket { get; init; }

    /// <summary>Key of the silver image.</summary>
    public required string SilverKey { get; init; }

    /// <summary>Size of the silver image in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Lower-case hex SHA-256 of the silver image.</summary>
    public required string Sha256 { get; init; }

    /// <summary>When. UTC.</summary>
    public required DateTime CleansedAt { get; init; }

    /// <summary>The image with the same bytes whose silver image was copied; null where this image was decoded.</summary>
    public Guid? TwinOf { get; init; }

    /// <summary>The silver image's reference.</summary>
    public ObjectReference Silver => new(Layer.Silver, SilverBucket, SilverKey, Bytes, Sha256);
}
