namespace Assay.Trainer.Drawing;

/// <summary>Pictures (JPEG) to put on screens and pages: from the training set, or none, when coloured areas take their place.</summary>
internal sealed class Album(IReadOnlyList<byte[]> pictures)
{
    public static Album Empty { get; } = new([]);

    public void Place(Svg svg, Chance chance, Box box)
    {
        if (pictures.Count > 0 && chance.Odds(0.9))
        {
            svg.Picture(box, chance.Pick(pictures));
            return;
        }
        svg.Rectangle(box, svg.Gradient(Look.Hue(chance), Look.Hue(chance)));
        svg.Circle(box.X + box.Width * chance.Range(0.2, 0.8), box.Y + box.Height * 0.3, Math.Min(box.Width, box.Height) * 0.12, Look.Tint(chance));
        svg.Polygon([(box.X, box.Bottom), (box.X + box.Width * chance.Range(0.2, 0.7), box.CentreY), (box.Right, box.Bottom)], Look.Hue(chance));
    }
}
