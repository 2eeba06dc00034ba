using NetVips;

namespace Assay.Preprocess.Steps;

/// <summary>Drops bands beyond red, green and blue (a scanner's infrared, say): later stages rely on three bytes a pixel.</summary>
internal static class ThreeBands
{
    public static Image Apply(Image image, Recipe recipe) => image.Bands > 3 ? image.ExtractBand(0, n: 3) : image;
}
