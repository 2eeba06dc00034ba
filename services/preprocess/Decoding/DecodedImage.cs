using NetVips;

namespace Assay.Preprocess.Decoding;

/// <summary>Pixels, perhaps not computed yet, and whatever owns the memory they are in.</summary>
internal sealed class DecodedImage(Image pixels, IDisposable? memory = null) : IDisposable
{
    public Image Pixels { get; } = pixels;

    public void Dispose()
    {
        Pixels.Dispose();
        memory?.Dispose();
    }
}
