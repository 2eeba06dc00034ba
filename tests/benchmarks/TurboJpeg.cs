using System.Runtime.InteropServices;

namespace Assay.Benchmarks;

/// <summary>Bare decoding: libjpeg-turbo's TurboJPEG interface (Debian: libturbojpeg0), to RGB at 1 ÷ <c>reduction</c> of the size, into a buffer that is used again.</summary>
internal sealed partial class TurboJpeg : IDisposable
{
    private const string Library = "libturbojpeg.so.0";

    private const int Rgb = 0;

    private readonly nint decoder = InitDecompress();
    private byte[] pixels = [];

    /// <summary>Whether the library is there.</summary>
    public static bool IsInstalled { get; } = NativeLibrary.TryLoad(Library, out _);

    public void Decode(byte[] jpeg, int reduction)
    {
        Require(DecompressHeader(decoder, jpeg, (nuint)jpeg.Length, out var width, out var height, out _, out _));
        (width, height) = ((width + reduction - 1) / reduction, (height + reduction - 1) / reduction);
        if (pixels.Length < width * height * 3)
            pixels = new byte[width * height * 3];
        Require(Decompress(decoder, jpeg, (nuint)jpeg.Length, pixels, width, 0, height, Rgb, 0));
    }

    public void Dispose() => _ = Destroy(decoder);

    private static void Require(int result)
    {
        if (result != 0)
            throw new InvalidOperationException("TurboJPEG does not decode the picture.");
    }

    [LibraryImport(Library, EntryPoint = "tjInitDecompress")]
    private static partial nint InitDecompress();

    [LibraryImport(Library, EntryPoint = "tjDecompressHeader3")]
    private static partial int DecompressHeader(nint decoder, byte[] jpeg, nuint length, out int width, out int height, out int subsampling, out int colours);

    [LibraryImport(Library, EntryPoint = "tjDecompress2")]
    private static partial int Decompress(nint decoder, byte[] jpeg, nuint length, [Out] byte[] pixels, int width, int pitch, int height, int format, int flags);

    [LibraryImport(Library, EntryPoint = "tjDestroy")]
    private static partial int Destroy(nint decoder);
}
