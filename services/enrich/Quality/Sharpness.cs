namespace Assay.Enrich;

/// <summary>
/// Sharpness as the variance of the Laplacian, LAP4 − mean, of the luma: J. L. Pech-Pacheco, G. Cristóbal, J. Chamorro-Martínez, J. Fernández-Valdivia,
/// "Diatom autofocusing in brightfield microscopy: a comparative study", ICPR 2000; there the kernel 0 1 0 / 1 −4 1 / 0 1 0.
/// </summary>
internal static class Sharpness
{
    /// <summary>The variance over all pixels that have four neighbours; 0 when none has.</summary>
    public static double Of(LumaPlane plane)
    {
        var (width, height) = (plane.Width, plane.Height);
        var pixels = plane.Pixels;
        if (width < 3 || height < 3)
            return 0;
        long sum = 0, squares = 0;
        for (var y = 1; y < height - 1; y++)
        {
            var above = pixels.Slice((y - 1) * width, width);
            var line = pixels.Slice(y * width, width);
            var below = pixels.Slice((y + 1) * width, width);
            for (var x = 1; x < width - 1; x++)
            {
                var laplacian = above[x] + below[x] + line[x - 1] + line[x + 1] - 4 * line[x];
                sum += laplacian;
                squares += laplacian * laplacian;
            }
        }
        double count = (long)(width - 2) * (height - 2);
        return squares / count - sum / count * (sum / count);
    }
}
