using Assay.Contracts;
using Assay.Platform.Messaging;

namespace Assay.Preprocess.Formats;

/// <summary>What a file is by its bytes; its name and its Content-Type are never asked.</summary>
/// <param name="Name">For a sentence, with its article: <c>a JPEG image</c>.</param>
/// <param name="MediaType">For instance <c>image/jpeg</c>.</param>
/// <param name="Format">Set when Assay reads it.</param>
/// <param name="Refusal">Set when Assay does not: <see cref="RejectionReason.NotAnImage"/> or <see cref="RejectionReason.UnsupportedFormat"/>.</param>
public sealed record FileKind(string Name, string MediaType, ImageFormat? Format, string? Refusal)
{
    internal static FileKind Readable(ImageFormat format, string name, string mediaType) => new(name, mediaType, format, null);

    internal static FileKind OtherImage(string name, string mediaType) => new(name, mediaType, null, RejectionReason.UnsupportedFormat);

    internal static FileKind NoImage(string name, string mediaType) => new(name, mediaType, null, RejectionReason.NotAnImage);

    /// <summary>The format, or the rejection that says what the file seems to be.</summary>
    /// <exception cref="InvalidImageException">Assay does not read this kind.</exception>
    public ImageFormat RequireReadable() => Format ?? throw new InvalidImageException(Refusal!, Refusal == RejectionReason.NotAnImage
        ? $"The file is not an image: it seems to be {Name}."
        : $"The file seems to be {Name}, which Assay does not read. Convert it to JPEG, PNG, WebP, TIFF, AVIF or HEIC.");
}
