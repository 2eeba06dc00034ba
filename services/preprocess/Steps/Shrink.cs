using NetVips;

namespace Assay.Preprocess.Steps;

/// <summary>
/// Down to the recipe's longest side, never up. First, so that every later step sees few pixels. Transparent pixels are weighted by their alpha:
/// what cannot be seen must not bleed into what can.
/// </summary>
internal static class Shrink
{
    public static Image Apply(Image image, Recipe recipe)
    {
        var scale = recipe.MaxSide / (double)Math.Max(image.Width, image.Height);
        if (scale >= 1)
            return image;
        // From the rounded sides, so that the longest is the recipe's to the pixel and a one-pixel line survives.
        var across = Math.Max(1, Math.Round(image.Width * scale)) / image.Width;
        var down = Math.Max(1, Math.Round(image.Height * scale)) / image.Height;
        if (!image.HasAlpha())
            return image.Resize(across, vscale: down);
        using var weighted = image.Premultiply();
        using var small = weighted.Resize(across, vscale: down);
        using var unweighted = small.Unpremultiply();
        return unweighted.Cast(image.Format);
    }
}
