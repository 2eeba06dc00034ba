using System.Text;
using Assay.Platform.Pixels;
using NetVips;

namespace Assay.Trainer.Drawing;

/// <summary>SVG → pixels.</summary>
internal static class Canvas
{
    // The services must never let a stranger's SVG in; this program draws its own, and is the only one that allows it.
    private static readonly Lazy<bool> Prepared = new(() =>
    {
        Vips.Prepare();
        Operation.Block("VipsForeignLoadSvg", false);
        return true;
    });

    /// <summary>Renders to opaque sRGB; the caller disposes the image.</summary>
    public static Image Render(Svg svg)
    {
        using var image = RenderTransparent(svg);
        return image.Flatten([255, 255, 255]);
    }

    /// <summary>Renders to sRGB with alpha; the caller disposes the image.</summary>
    public static Image RenderTransparent(Svg svg)
    {
        _ = Prepared.Value;
        // The text layout behind the SVG loader crashes the process when two threads are in it.
        lock (Prepared)
        {
            using var image = Image.SvgloadBuffer(Encoding.UTF8.GetBytes(svg.ToString()));
            return image.CopyMemory();
        }
    }

    /// <summary>A sheet as a scanner gives it: a little askew, grey or yellowish, unevenly lit, noisy. The caller disposes the image.</summary>
    public static Image Scan(Image page, Chance chance)
    {
        using var turned = page.Rotate(chance.Normal() * 1.4, background: chance.Odds(0.7) ? [250, 249, 246] : [40, 40, 40]);
        using var noise = Image.Gaussnoise(turned.Width, turned.Height, sigma: chance.Range(2, 12), mean: 0, seed: chance.Seed());
        using var blurred = turned.Gaussblur(chance.Range(0.2, 0.9));
        using var noisy = blurred + noise;
        var (dark, light) = (chance.Range(0, 25), chance.Range(0.82, 1));
        using var faded = noisy.Linear([light, light * chance.Range(0.96, 1), light * chance.Range(0.88, 1)], [dark, dark, dark * 0.8]);
        using var bytes = faded.Cast(NetVips.Enums.BandFormat.Uchar);
        using var grey = chance.Odds(0.5) ? bytes.Colourspace(NetVips.Enums.Interpretation.Bw) : bytes.Copy();
        return grey.CopyMemory();
    }
}
