namespace Assay.Preprocess.Decoding;

/// <summary>What a file claims about itself before a pixel is decoded.</summary>
/// <param name="Width">In pixels, as stored.</param>
/// <param name="Height">In pixels, as stored.</param>
/// <param name="Frames">Frames or pages, at least 1.</param>
/// <param name="Orientation">The EXIF orientation that is still to be applied, 1 to 8.</param>
/// <param name="Reduction">By how much the decoder itself makes the sides smaller: 1, 2, 4, 8 ….</param>
/// <param name="DecodeBytes">About how much memory making silver of it takes at most, besides the file itself.</param>
internal sealed record ImageHeader(int Width, int Height, int Frames, int Orientation, int Reduction, long DecodeBytes)
{
    /// <summary>What the decoder warns about has been looked at and is no damage.</summary>
    public bool WarningsAreHarmless { get; init; }

    public bool IsLyingOnItsSide => Orientation is >= 5 and <= 8;
}
