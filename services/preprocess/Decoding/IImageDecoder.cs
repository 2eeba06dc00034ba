using Assay.Preprocess.Formats;

namespace Assay.Preprocess.Decoding;

/// <summary>
/// Turns a file into pixels. Both methods throw <see cref="Platform.Messaging.InvalidImageException"/> for what is wrong with the file
/// (<c>corrupt</c>, <c>truncated</c>, <c>unsupported-format</c>) and let everything else through; decoding may throw <see cref="NetVips.VipsException"/> too,
/// as the pixels do when they are asked for.
/// </summary>
internal interface IImageDecoder
{
    /// <summary>The formats this decoder reads. No two decoders read the same one.</summary>
    IReadOnlySet<ImageFormat> Formats { get; }

    /// <summary>Reads the header only: fast, and in little memory, whatever the header claims.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="format">What it is.</param>
    /// <param name="maxSide">The longest side that is wanted: a decoder may reduce the image as long as it stays larger.</param>
    ImageHeader ReadHeader(byte[] file, ImageFormat format, int maxSide);

    /// <summary>
    /// The first frame, reduced as the header says. The pixels may be computed only when they are asked for; <paramref name="stop"/> ends a decode that
    /// runs here, not one that runs later.
    /// </summary>
    DecodedImage Decode(byte[] file, ImageFormat format, ImageHeader header, CancellationToken stop);
}
