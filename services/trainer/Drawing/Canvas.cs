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
    public static Image Render(Svg svg) => Render(svg.ToString());

    /// <summary>Renders an SVG document to opaque sRGB; the caller disposes the image.</summary>
    public static Image Render(string svg)
    {
        using var image = RenderTransparent(svg);
        return image.Flatten([255, 255, 255]);
    }

    /// <summary>Renders to sRGB with alpha; the caller disposes the image.</summary>
    public static Image RenderTransparent(Svg svg) => RenderTransparent(svg.ToString());

    private static Image RenderTransparent(string svg)
    {
        _ = Prepared.Value;
        // The text layout behind the SVG loader crashes the process when two threads are in it.
        lock (Prepared)
        {
            using var image = Image.SvgloadBuffer(Encoding.UTF8.GetBytes(svg));
            return image.CopyMemory();
        }
    }
}
