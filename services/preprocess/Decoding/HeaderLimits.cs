using Assay.Contracts;
using Assay.Platform.Messaging;

namespace Assay.Preprocess.Decoding;

/// <summary>Refuses from the header alone what would take too much memory or time to decode.</summary>
internal static class HeaderLimits
{
    public const long MiB = 1024 * 1024;

    public static void Check(ImageHeader header, PreprocessOptions limits)
    {
        if (header.Frames > limits.MaxFrames)
        {
            throw new InvalidImageException(RejectionReason.TooManyFrames,
                $"The image has {header.Frames:N0} frames or pages; the limit is {limits.MaxFrames:N0}.");
        }
        if ((long)header.Width * header.Height * header.Frames > limits.MaxPixels)
        {
            throw new InvalidImageException(RejectionReason.TooManyPixels,
                $"The image is {header.Width:N0} × {header.Height:N0} pixels × {header.Frames:N0} frames; the limit is {limits.MaxPixels:N0} pixels.");
        }
        if (header.DecodeBytes > limits.MaxDecodeMemory * MiB)
        {
            throw new InvalidImageException(RejectionReason.TooManyPixels,
                $"The image is {header.Width:N0} × {header.Height:N0} pixels of a kind that takes some {header.DecodeBytes / MiB:N0} MiB to decode; the limit is {limits.MaxDecodeMemory:N0} MiB.");
        }
    }
}
