namespace Assay.Preprocess;

/// <summary>The harmonised copy, and what was learnt while making it.</summary>
/// <param name="Jpeg">The silver image: JPEG, sRGB, three bands, upright, no metadata. The same original and recipe always give the same bytes.</param>
/// <param name="MediaType">What the original's bytes are, for instance <c>image/heic</c>.</param>
/// <param name="RawWidth">The original's width in pixels, upright.</param>
/// <param name="RawHeight">The original's height in pixels, upright.</param>
/// <param name="Frames">How many frames or pages the original has; the silver image shows the first.</param>
/// <param name="Width">The silver image's width in pixels.</param>
/// <param name="Height">The silver image's height in pixels.</param>
/// <param name="PixelSha256">
/// Identity of the content: lower-case hex SHA-256 of the silver image before JPEG encoding, as width and height (32-bit little-endian each) followed by
/// red, green, blue bytes row by row from the top. Two files with equal pixels, whatever their format and metadata, agree on it under one recipe.
/// </param>
public sealed record SilverImage(
    ReadOnlyMemory<byte> Jpeg,
    string MediaType,
    int RawWidth,
    int RawHeight,
    int Frames,
    int Width,
    int Height,
    string PixelSha256);
