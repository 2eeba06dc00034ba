using NetVips;

namespace Assay.Preprocess.Steps;

/// <summary>
/// Drops what is beyond colour and one alpha (a scanner's infrared, say). First, because libvips would take the last of the spare bands for transparency;
/// where there is more than one, nothing says which is.
/// </summary>
internal static class SpareBands
{
    public static Image Apply(Image image, Recipe recipe)
    {
        var colours = image.Interpretation == Enums.Interpretation.Cmyk ? 4 : 3;
        return image.Bands > colours + 1 ? image.ExtractBand(0, n: colours) : image;
    }
}
