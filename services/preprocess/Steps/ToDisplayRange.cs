using NetVips;

namespace Assay.Preprocess.Steps;

/// <summary>
/// Signed, 32-bit and floating-point numbers (measurements, mostly) have no agreed black and white: the darkest becomes black and the brightest white.
/// 8-bit and 16-bit unsigned numbers have, and stay as they are.
/// </summary>
internal static class ToDisplayRange
{
    private const double White = 255;

    public static Image Apply(Image image, Recipe recipe)
    {
        if (image.Format is Enums.BandFormat.Uchar or Enums.BandFormat.Ushort)
            return image;
        using var memory = image.CopyMemory();
        var (black, white) = (memory.Min(), memory.Max());
        var range = white > black ? white - black : 1;
        using var stretched = memory.Linear([White / range], [-black * White / range], uchar: true);
        return stretched.Copy(interpretation: image.Bands < 3 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
    }
}
