using NetVips;

namespace Assay.Preprocess.Steps;

/// <summary>Turns and mirrors as the camera said (EXIF orientation). Last: turning needs random access, which is cheap only on a small image.</summary>
internal static class Upright
{
    public static Image Apply(Image image, Recipe recipe)
    {
        if (!image.Contains("orientation") || (int)image.Get("orientation") <= 1)
            return image;
        using var memory = image.CopyMemory();
        return memory.Autorot();
    }
}
