using Assay.Platform.Objects;

namespace Assay.Enrich;

/// <summary>Measures a silver image. Deterministic: the same bytes give the same numbers on every machine. Formulas, sources and pictures: docs/quality.md.</summary>
public static class Measures
{
    // Lumas this close to the most frequent one count as the same: JPEG makes a plain area vary by a few levels.
    private const int UniformityReach = 8;

    /// <summary>Decodes the image once and measures it.</summary>
    /// <param name="silverJpeg">The silver image's bytes.</param>
    public static Measurements Of(byte[] silverJpeg) => Of(LumaPlane.Decode(silverJpeg));

    internal static Measurements Of(LumaPlane plane)
    {
        Span<int> histogram = stackalloc int[256];
        foreach (var luma in plane.Pixels)
            histogram[luma]++;
        var mean = Mean(histogram, plane.Pixels.Length);
        return new(
            Math.Round(Sharpness.Of(plane), 2),
            Math.Round(mean / 255, 4),
            Math.Round(Deviation(histogram, plane.Pixels.Length, mean) / 255, 4),
            Math.Round(Entropy(histogram, plane.Pixels.Length), 4),
            Math.Round(Uniformity(histogram, plane.Pixels.Length), 4),
            PerceptualHash.Of(plane));
    }

    private static double Mean(ReadOnlySpan<int> histogram, int count)
    {
        var sum = 0L;
        for (var luma = 0; luma < histogram.Length; luma++)
            sum += (long)luma * histogram[luma];
        return (double)sum / count;
    }

    private static double Deviation(ReadOnlySpan<int> histogram, int count, double mean)
    {
        var sum = 0.0;
        for (var luma = 0; luma < histogram.Length; luma++)
            sum += histogram[luma] * (luma - mean) * (luma - mean);
        return Math.Sqrt(sum / count);
    }

    private static double Entropy(ReadOnlySpan<int> histogram, int count)
    {
        var bits = 0.0;
        foreach (var pixels in histogram)
            if (pixels > 0)
                bits -= (double)pixels / count * Math.Log2((double)pixels / count);
        return bits;
    }

    private static double Uniformity(ReadOnlySpan<int> histogram, int count)
    {
        var top = 0;
        for (var luma = 1; luma < histogram.Length; luma++)
            if (histogram[luma] > histogram[top])
                top = luma;
        var alike = 0;
        for (var luma = Math.Max(0, top - UniformityReach); luma <= Math.Min(histogram.Length - 1, top + UniformityReach); luma++)
            alike += histogram[luma];
        return (double)alike / count;
    }
}
