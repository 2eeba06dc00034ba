using System.ComponentModel.DataAnnotations;

namespace Assay.Preprocess;

/// <summary>How the silver image is made, and what the stage refuses before it decodes a pixel. Section <c>Preprocess</c>.</summary>
public sealed record PreprocessOptions
{
    /// <summary>The longest side of the silver image in pixels; smaller images are never enlarged. Default 512.</summary>
    /// <value>pixels</value>
    [Range(16, 4096)]
    public int MaxSide { get; set; } = 512;

    /// <summary>The JPEG quality of the silver image, 1 to 100. Default 85.</summary>
    /// <value>1 to 100</value>
    [Range(1, 100)]
    public int Quality { get; set; } = 85;

    /// <summary>What shows through where the original is transparent: <c>#rrggbb</c> in sRGB. Default white.</summary>
    [RegularExpression("^#[0-9a-fA-F]{6}$", ErrorMessage = "Background must be #rrggbb, for instance #ffffff.")]
    public string Background { get; set; } = "#ffffff";

    /// <summary>The largest original in bytes. Default 64 MiB: the whole file is in memory while it is decoded.</summary>
    /// <value>bytes</value>
    [Range(1, 2_000_000_000)]
    public long MaxBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>The largest width × height × frames of an original. Default 300 million.</summary>
    /// <value>pixels</value>
    [Range(1, 100_000_000_000)]
    public long MaxPixels { get; set; } = 300_000_000;

    /// <summary>
    /// How much memory all images that are being decoded may take together, in MiB; whoever finds too little left waits, and what would need more alone is
    /// refused. What decodes row by row (JPEG, PNG, TIFF) takes little; progressive and interlaced images and all other formats must be held whole.
    /// Default 208: HEIC of 25 megapixels, progressive JPEG of 33 to 50, AVIF of 12, in a worker that stays under 512 MiB.
    /// </summary>
    /// <value>MiB</value>
    [Range(32, 1_000_000)]
    public int MaxDecodeMemory { get; set; } = 208;

    /// <summary>The most frames or pages an original may have; only the first is used. Default 1,000.</summary>
    /// <value>frames</value>
    [Range(1, 1_000_000)]
    public int MaxFrames { get; set; } = 1_000;

    /// <summary>
    /// How long one image may decode, by the clock; one that takes longer is tried once more, alone, where it may compute for so long. Default 8 s, several
    /// hundred times what a photograph takes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan DecodeTimeout { get; set; } = TimeSpan.FromSeconds(8);
}
