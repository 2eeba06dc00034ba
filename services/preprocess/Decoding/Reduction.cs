namespace Assay.Preprocess.Decoding;

/// <summary>Some formats decode to a half, a quarter or an eighth of their size in a fraction of the time and memory.</summary>
internal static class Reduction
{
    // Kept at least 1.25 × larger than the target, so that the resize still averages.
    private const double Margin = 1.25;

    // So thin that the decoder's own rounding would lose it: a line of one pixel has no eighth.
    private const int ThinSide = 64;

    /// <summary>The greatest power of two, at most <paramref name="most"/>, that leaves enough pixels for a longest side of <paramref name="maxSide"/>.</summary>
    public static int For(int width, int height, int maxSide, int most)
    {
        var reduction = 1;
        while (Math.Min(width, height) >= ThinSide && reduction * 2 <= most && Math.Max(width, height) >= reduction * 2 * Margin * maxSide)
            reduction *= 2;
        return reduction;
    }
}
