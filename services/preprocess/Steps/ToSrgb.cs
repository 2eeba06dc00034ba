using NetVips;

namespace Assay.Preprocess.Steps;

/// <summary>To 8-bit sRGB with three colour bands (and alpha, if there is any): through the embedded profile, or by what the format says the numbers mean.</summary>
internal static class ToSrgb
{
    public static Image Apply(Image image, Recipe recipe)
    {
        var isCmyk = image.Interpretation == Enums.Interpretation.Cmyk;
        // Without an embedded profile a transform to sRGB costs time and changes nothing; CMYK always needs one.
        if (!isCmyk && !image.Contains("icc-profile-data"))
            return image.Colourspace(Enums.Interpretation.Srgb);
        // Relative colorimetric with black point compensation: what browsers and Photoshop do by default.
        using var converted = image.IccTransform("srgb", embedded: true, inputProfile: isCmyk ? "cmyk" : "srgb",
            intent: Enums.Intent.Relative, blackPointCompensation: true, depth: 8);
        return converted.Colourspace(Enums.Interpretation.Srgb);
    }
}
