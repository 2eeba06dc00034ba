using Assay.Contracts;
using Assay.Platform.Messaging;
using Assay.Preprocess.Formats;
using ImageMagick;

namespace Assay.Preprocess.Decoding;

/// <summary>Tells a file that ends too early from one whose bytes are wrong.</summary>
internal static class Damage
{
    private const int MaxDetail = 160;

    // How libvips' loaders and ImageMagick's errors begin.
    private static readonly string[] Loaders = ["VipsJpeg", "vipspng", "pngload", "gifload", "webp", "tiff2vips", "heif"];

    // How ImageMagick's errors speak of what it has no code for. The file may be whole.
    private static readonly string[] Variants = ["NotSupported", "Unsupported", "UnrecognizedImageCompression"];

    // The file's own bytes decide. libvips keeps one error text for the whole process: with two images at work it may be the neighbour's; ImageMagick's are the image's own.
    public static InvalidImageException Found(byte[] file, ImageFormat format, Exception decoder) => FileEnd.IsMissing(file, format)
        ? new(RejectionReason.Truncated, $"The image ends too early, after {file.Length:N0} bytes{Saying(decoder)}. Upload it again, whole.", decoder)
        : decoder is MagickException && Variants.Any(text => decoder.Message.Contains(text, StringComparison.Ordinal))
        ? new(RejectionReason.UnsupportedFormat,
            $"The image is of a variant of its format that Assay does not read{Saying(decoder)}. Convert it to JPEG, PNG, WebP, TIFF, AVIF or HEIC.", decoder)
        : new(RejectionReason.Corrupt, $"The image's bytes do not decode{Saying(decoder)}.", decoder);

    // Decoders quote the file: what they say is as untrusted as the file.
    private static string Saying(Exception decoder)
    {
        var line = decoder is MagickException
            ? decoder.Message.Split('`', 2)[0]
            : decoder.Message.Split('\n').LastOrDefault(said => Loaders.Any(loader => said.StartsWith(loader, StringComparison.Ordinal))) ?? "";
        var clean = string.Concat(line.Where(c => !char.IsControl(c))).Trim().TrimEnd('.');
        return clean.Length == 0 ? "" : $" ({(clean.Length <= MaxDetail ? clean : clean[..MaxDetail])})";
    }
}
