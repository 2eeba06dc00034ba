namespace Assay.Preprocess.Decoding;

/// <summary>What a file claims about itself before a pixel is decoded.</summary>
/// <param name="Width">In pixels, as stored.</param>
/// <param name="Height">In pixels, as stored.</param>
/// <param name="Frames">Frames or pages, at least 1.</param>
/// <param name="Orientation">The EXIF orientation that is still to be applied, 1 to 8.</param>
/// <param name="HeldWhole">The decoder needs memory for the whole frame at once: it cannot stream.</param>
internal sealed record ImageHeader(int Width, int Height, int Frames, int Orientation, bool HeldWhole)
{
    public bool IsLyingOnItsSide => Orientation is >= 5 and <= 8;
}
