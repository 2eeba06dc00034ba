using Assay.Contracts;
using Assay.Enrich;
using Assay.Platform.Objects;
using Assay.Platform.Pixels;
using Assay.Preprocess.Formats;
using NetVips;

namespace Assay.Tests.Enrich;

/// <summary>Originals and silver images drawn for a test, and ways to ask about them.</summary>
internal static class Sample
{
    /// <summary>A grey picture, a luma for each pixel. At quality 100 a JPEG of plain 8 × 8 blocks keeps every luma exactly.</summary>
    public static byte[] Grey(int width, int height, Func<int, int, byte> luma)
    {
        Vips.Prepare();
        byte[] bytes = [.. Enumerable.Range(0, width * height).Select(i => luma(i % width, i / width))];
        using var image = Image.NewFromMemory(bytes, width, height, 1, Enums.BandFormat.Uchar);
        using var grey = image.Copy(interpretation: Enums.Interpretation.Bw);
        return grey.JpegsaveBuffer(q: 100);
    }

    /// <summary>One colour all over.</summary>
    public static Image Colour(int width, int height, params double[] colour)
    {
        Vips.Prepare();
        return (Image.Black(width, height, colour.Length) + colour).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
    }

    /// <summary>A JPEG without any metadata.</summary>
    public static byte[] Bare { get; } = Colour(32, 16, 100, 150, 200).JpegsaveBuffer(keep: Enums.ForeignKeep.None);

    public static ImageMetadata Read(byte[] file, EnrichOptions? options = null) => new MetadataReader(options ?? new()).Read(file, Sniffer.Identify(file).MediaType);

    /// <summary>What the enricher is told of an image.</summary>
    public static ImageCleansed Event(string rawName = "a.jpg", string mediaType = "image/jpeg", int width = 640, int height = 480)
    {
        var at = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        var bronze = new ObjectReference(Layer.Bronze, "bronze", "2026/01/02/x.jpg", 1, new string('0', 64));
        return new(Guid.Empty, new Origin("landing", null, null, rawName, rawName, at, at), bronze, mediaType, new PixelSize(width, height),
            bronze with { Layer = Layer.Silver }, new PixelSize(512, 384), "1-512-q85-ffffff", at);
    }
}
