using Assay.Platform.Pixels;
using NetVips;

namespace Assay.Tests.Classify;

/// <summary>Pictures drawn for a test.</summary>
internal static class Picture
{
    public static readonly double[] Red = [255, 0, 0];
    public static readonly double[] Green = [0, 255, 0];
    public static readonly double[] Blue = [0, 0, 255];

    /// <summary>One colour all over.</summary>
    public static Image Plain(int width, int height, params double[] colour)
    {
        Vips.Prepare();
        return (Image.Black(width, height, colour.Length) + colour).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
    }

    /// <summary>Smooth in one direction, fine detail in the other: whatever resizes it differently gives other pixels.</summary>
    public static Image Detailed(int width, int height)
    {
        Vips.Prepare();
        using var xy = Image.Xyz(width, height);
        var ramp = xy[0] * 255.0 / width;
        var stripes = (xy[1] * 2.1).Sin() * 100 + 128;
        return ramp.Bandjoin(stripes, (ramp + stripes) / 2).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
    }

    public static byte[] Jpeg(this Image image) => image.JpegsaveBuffer(q: 90);
}
