using System.Numerics;

namespace Assay.Enrich;

/// <summary>
/// The 64-bit perceptual hash "pHash": luma at 32 × 32, two-dimensional DCT-II, the 8 × 8 lowest frequencies without the constant row and column,
/// one bit each for "above their median". Source: C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions" (2010), 3.2.1,
/// and phash.org's <c>ph_dct_imagehash</c>, but for its 7 × 7 mean filter: the mean over areas does that filter's work.
/// </summary>
public static class PerceptualHash
{
    /// <summary>The bits of a hash: no distance is greater.</summary>
    public const int Bits = 64;

    private const int Side = 32;
    private const int Kept = 8;

    // Rows 1 to 8 of the DCT-II matrix. Its scale is left out: it is the same for all of them, and only their order counts.
    private static readonly double[] Cosines = [.. Enumerable.Range(0, Kept * Side).Select(
        i => Math.Cos((2 * (i % Side) + 1) * (i / Side + 1) * Math.PI / (2 * Side)))];

    /// <summary>In how many of their 64 bits two hashes differ. Copies of one picture: 0 to about 8; different pictures: about 32.</summary>
    public static int Distance(ulong one, ulong other) => BitOperations.PopCount(one ^ other);

    internal static ulong Of(LumaPlane plane)
    {
        var small = plane.Resize(Side, Side);
        var coefficients = Transform(small);
        var sorted = (double[])coefficients.Clone();
        Array.Sort(sorted);
        var median = (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
        var hash = 0UL;
        foreach (var coefficient in coefficients)
            hash = (hash << 1) | (coefficient > median ? 1UL : 0);
        return hash;
    }

    private static double[] Transform(double[] small)
    {
        var half = new double[Kept * Side];
        for (var v = 0; v < Kept; v++)
            for (var y = 0; y < Side; y++)
                for (var x = 0; x < Side; x++)
                    half[v * Side + x] += Cosines[v * Side + y] * small[y * Side + x];

        var result = new double[Kept * Kept];
        for (var v = 0; v < Kept; v++)
            for (var u = 0; u < Kept; u++)
                for (var x = 0; x < Side; x++)
                    result[v * Kept + u] += Cosines[u * Side + x] * half[v * Side + x];
        return result;
    }
}
