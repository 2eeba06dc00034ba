namespace Assay.Contracts;

/// <summary>Width and height in pixels, as a viewer sees them (after EXIF orientation).</summary>
public sealed record PixelSize(int Width, int Height);
