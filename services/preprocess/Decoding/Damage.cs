using Assay.Contracts;
using Assay.Platform.Messaging;
using Assay.Preprocess.Formats;

namespace Assay.Preprocess.Decoding;

/// <summary>Tells a file that ends too early from one whose bytes are wrong.</summary>
internal static class Damage
{
    private const int MaxDetail = 200;

    // How libjpeg, libspng, libwebp, libtiff, libheif, libjxl, OpenJPEG and ImageMagick say that the bytes ran out.
    private static readonly string[] RanOut =
        ["premature end", "truncated", "unexpected end", "unexpected eof", "end of file", "out of data", "not enough data", "insufficient", "too short", "read error"];

    public static InvalidImageException Found(byte[] file, ImageFormat format, Exception decoder)
    {
        var said = FirstLine(decoder.Message);
        var cut = FileEnd.IsMissing(file, format) || RanOut.Any(phrase => said.Contains(phrase, StringComparison.OrdinalIgnoreCase));
        return cut
            ? new(RejectionReason.Truncated, $"The image ends too early, after {file.Length:N0} bytes: upload it again, whole. The decoder said: {said}.", decoder)
            : new(RejectionReason.Corrupt, $"The image's bytes do not decode. The decoder said: {said}.", decoder);
    }

    // Decoders quote the file: what they say is as untrusted as the file.
    private static string FirstLine(string message)
    {
        var line = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "nothing";
        var clean = string.Concat(line.Where(c => !char.IsControl(c)));
        return (clean.Length <= MaxDetail ? clean : clean[..MaxDetail]).TrimEnd('.', ' ');
    }
}
