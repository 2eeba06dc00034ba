using NetVips;

namespace Assay.Preprocess.Steps;

/// <summary>Puts transparent images on the recipe's background: JPEG has no alpha.</summary>
internal static class Flatten
{
    public static Image Apply(Image image, Recipe recipe) => image.HasAlpha() ? image.Flatten(background: recipe.BackgroundRgb) : image;
}
