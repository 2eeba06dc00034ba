using System.Text;

namespace Assay.Preprocess.Formats;

/// <summary>Says what a file is by its first bytes. Looks only; whether the rest keeps the promise is for the decoder to find out.</summary>
public static class Sniffer
{
    /// <summary>What the bytes seem to be. Never throws; what nothing matches is "unknown data", which is not an image.</summary>
    public static FileKind Identify(ReadOnlySpan<byte> file) =>
        Signatures.Match(file)
        ?? Bitmap.Match(file)
        ?? IsoMedia.Match(file)
        ?? Riff(file)
        ?? TiffFamily.Match(file)
        ?? TextKind.Match(file)
        ?? Targa(file)
        ?? FileKind.NoImage($"unknown data (it begins with {Convert.ToHexString(file[..Math.Min(8, file.Length)])})", "application/octet-stream");

    private static FileKind? Riff(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || !file.StartsWith("RIFF"u8))
            return null;
        return Encoding.Latin1.GetString(file[8..12]) switch
        {
            "WEBP" => FileKind.Readable(ImageFormat.Webp, "a WebP image", "image/webp"),
            "AVI " => FileKind.NoImage("an AVI video", "video/x-msvideo"),
            "WAVE" => FileKind.NoImage("a WAV sound", "audio/wav"),
            _ => FileKind.NoImage("a RIFF container without an image", "application/octet-stream"),
        };
    }

    // Targa has no signature in front; only version 2 has one at the end.
    private static FileKind? Targa(ReadOnlySpan<byte> file) =>
        file.Length >= 26 && file[^18..].StartsWith("TRUEVISION-XFILE"u8) ? FileKind.OtherImage("a Targa image", "image/x-tga") : null;
}
