using System.Buffers.Binary;
using Assay.Platform.Objects;
using Assay.Platform.Pixels;
using NetVips;

namespace Assay.Enrich;

/// <summary>What the container's header says: sample format, profile, frames, a PNG's texts.</summary>
internal static class ContainerFields
{
    // Enough for any text worth keeping; libvips hands out every text chunk of a PNG.
    private const int MaxPngTexts = 64;

    /// <summary>Reads the header that libvips has opened.</summary>
    public static ImageMetadata Read(Image header, byte[] bronze, TextCleaner text) => new()
    {
        BitDepth = header.Contains("bits-per-sample") ? (int)header.Get("bits-per-sample") : BitsOf(header.Format),
        ColourModel = ModelOf(header.Interpretation),
        ProfileName = header.Contains("icc-profile-data") ? text.Clean(IccProfile.Description((byte[])header.Get("icc-profile-data"))) : null,
        Orientation = header.Contains("orientation") && header.Get("orientation") is int and >= 1 and <= 8 and var orientation ? orientation : null,
        Frames = FramesOf(header, bronze),
        Software = PngText(header, "Software", text),
        Description = PngText(header, "Description", text) ?? PngText(header, "Title", text),
    };

    private static int? BitsOf(Enums.BandFormat format) => format switch
    {
        Enums.BandFormat.Uchar or Enums.BandFormat.Char => 8,
        Enums.BandFormat.Ushort or Enums.BandFormat.Short => 16,
        Enums.BandFormat.Uint or Enums.BandFormat.Int or Enums.BandFormat.Float => 32,
        _ => null,
    };

    private static string? ModelOf(Enums.Interpretation interpretation) => interpretation switch
    {
        Enums.Interpretation.Srgb or Enums.Interpretation.Rgb or Enums.Interpretation.Rgb16 or Enums.Interpretation.Scrgb => "rgb",
        Enums.Interpretation.Bw or Enums.Interpretation.Grey16 => "grey",
        Enums.Interpretation.Cmyk => "cmyk",
        Enums.Interpretation.Lab or Enums.Interpretation.Labs or Enums.Interpretation.Labq => "lab",
        Enums.Interpretation.Xyz => "xyz",
        _ => null,
    };

    // To libvips an animated PNG is its first frame; the acTL chunk begins with the number of frames.
    private static int FramesOf(Image header, byte[] bronze) =>
        header.Contains("n-pages") ? (int)header.Get("n-pages")
        : PngChunks.Find(bronze, "acTL"u8) is { Length: >= 4 } control && BinaryPrimitives.ReadInt32BigEndian(control) is > 0 and var frames ? frames
        : 1;

    private static string? PngText(Image header, string keyword, TextCleaner text)
    {
        for (var i = 0; i < MaxPngTexts; i++)
        {
            var field = $"png-comment-{i}-{keyword}";
            if (header.Contains(field))
                return text.Clean(header.Get(field) as string);
        }
        return null;
    }
}
