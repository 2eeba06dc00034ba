namespace Assay.Trainer.Drawing;

/// <summary>A rectangle in pixels, from its upper left corner.</summary>
internal readonly record struct Box(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;

    public double Bottom => Y + Height;

    public double CentreX => X + Width / 2;

    public double CentreY => Y + Height / 2;

    /// <summary>The box without the given margins.</summary>
    public Box Inside(double left, double top, double right, double bottom) => new(X + left, Y + top, Math.Max(1, Width - left - right), Math.Max(1, Height - top - bottom));

    public Box Inside(double margin) => Inside(margin, margin, margin, margin);

    /// <summary>One cell of this box divided into rows and columns.</summary>
    public Box Cell(int column, int row, int columns, int rows, double gap = 0)
    {
        var (width, height) = ((Width - gap * (columns - 1)) / columns, (Height - gap * (rows - 1)) / rows);
        return new(X + column * (width + gap), Y + row * (height + gap), width, height);
    }
}
