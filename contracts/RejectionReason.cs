namespace Assay.Contracts;

/// <summary>The reason codes of a rejection. Stable: dashboards, alerts and upstream systems match on them.</summary>
public static class RejectionReason
{
    /// <summary>No bytes at all.</summary>
    public const string Empty = "empty";

    /// <summary>The bytes are not an image: text, an archive, a video …</summary>
    public const string NotAnImage = "not-an-image";

    /// <summary>An image, of a kind that Assay does not read (SVG, PDF, camera raw …).</summary>
    public const string UnsupportedFormat = "unsupported-format";

    /// <summary>An image whose bytes do not decode.</summary>
    public const string Corrupt = "corrupt";

    /// <summary>An image that ends too early.</summary>
    public const string Truncated = "truncated";

    /// <summary>Width × height × frames is over the limit.</summary>
    public const string TooManyPixels = "too-many-pixels";

    /// <summary>The file is over the size limit.</summary>
    public const string TooManyBytes = "too-many-bytes";

    /// <summary>More frames or pages than the limit.</summary>
    public const string TooManyFrames = "too-many-frames";

    /// <summary>Decoding took longer than the limit.</summary>
    public const string DecodeTimeout = "decode-timeout";

    /// <summary>The file made the worker process die, again and again.</summary>
    public const string CrashesWorker = "crashes-worker";

    /// <summary>Only a decoder that Assay does not allow could read it.</summary>
    public const string BlockedLoader = "blocked-loader";

    /// <summary>A quality rule warns that the operator has made a reason to refuse.</summary>
    public const string LowQuality = "low-quality";
}
