using System.Globalization;
using System.IO.Enumeration;
using Shouldly;
using Xunit;

namespace Assay.Tests.Preprocess;

/// <summary>
/// Silver against what programs show that share no code with the transform: Pillow, heif-convert for HEIC and AVIF, djxl for JPEG XL. The libraries below them are partly the
/// same ones that libvips and ImageMagick use (libjpeg-turbo or a fork, libwebp, libtiff, OpenJPEG, libheif, libjxl, Little CMS); PNG, GIF, BMP and plain TIFF are read
/// by code of Pillow's own. Which frame, which way up, which colours, how deep, how transparent and how large is decided independently for every format.
/// </summary>
public sealed class IndependentDecoderTests(SharedSilver silver)
{
    // CIE 1976 Delta E; 2.3 is just noticeable (Mahy, Van Eycken, Oosterlinck 1994). Two good decoders differ by less than 1.1 on average.
    private const double MostOnAverage = 2.3, MostAtPercentile95 = 5;

    private const string Differs = "differs", NotRead = "not-read";

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "preprocess", "independent");

    [Fact]
    public async Task Every_accepted_image_looks_as_an_independent_decoder_shows_it()
    {
        var results = await CompareAsync(SharedSilver.Originals, silver.Folder);
        var explained = Explained();
        results.Count.ShouldBeGreaterThan(1600);
        results.Count(result => result.Mean is not null).ShouldBeGreaterThan(1500, "hardly anything was compared");
        results.Where(result => result.Fault is { } fault && !explained.Any(known => known.Covers(result.File, fault)))
            .Select(result => result.ToString()).ShouldBeEmpty();
    }

    /// <summary>There is no JPEG XL in the shared folder: it is written here, by the format's own encoder.</summary>
    [Fact]
    public async Task Jpeg_xl_looks_as_its_own_decoder_shows_it()
    {
        string[] originals =
        [
            // With an orientation, and one of them with a profile that is not sRGB.
            "orientation/Landscape_6.jpg", "orientation/Portrait_3.jpg", "cameras/landscape_6.jpg",
            // Grey, of 16 bits, transparent, plain.
            "formats-pillow/hopper_gray.jpg", "formats-pillow/tiff_16bit_RGB_target.png", "formats-pillow/pil123rgba.png", "formats-pillow/hopper.png",
        ];
        await Tools.RequireAsync("cjxl", "--version");
        var folder = Directory.CreateTempSubdirectory("assay-jxl-").FullName;
        try
        {
            foreach (var original in originals)
                await Tools.RunAsync("cjxl", SharedFolder.Require(["images", .. original.Split('/')]), Path.Combine(folder, Path.GetFileName(original) + ".jxl"));
            var copies = SharedSilver.MakeOf(folder);
            var results = await CompareAsync(folder, copies);
            Directory.Delete(copies, recursive: true);
            results.Count.ShouldBe(originals.Length);
            results.Where(result => result.Fault is not null).Select(result => result.ToString()).ShouldBeEmpty();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("badheadersize.bmp", "pal1.bmp")]
    [InlineData("rgb24jpeg.bmp", "rgb24.bmp")]
    [InlineData("rgb24png.bmp", "rgb24.bmp")]
    [InlineData("rgb32-111110.bmp", "rgb24.bmp")]
    [InlineData("rgb32bf.bmp", "rgb24.bmp")]
    [InlineData("rgb32h52.bmp", "rgb24.bmp")]
    [InlineData("rgba32h56.bmp", "rgba32.bmp")]
    [InlineData("pal4rle.bmp", "pal4.bmp")]
    [InlineData("invalid_header_length.jp2", "test-card-lossless.jp2")]
    [InlineData("hopper_unknown_pixel_mode.tif", "hopper.tif")]
    [InlineData("truncated_end_chunk.png", "hopper.png")]
    [InlineData("icc_profile.avif", "icc_profile.png")]
    [InlineData("unknown_compression_method.png", "icc_profile.png")]
    public void What_the_other_decoder_cannot_read_looks_like_the_same_picture_in_another_file(string file, string sibling)
    {
        var folder = SharedFolder.Require("images", "formats-pillow");
        Silver.Of(File.ReadAllBytes(Path.Combine(folder, file)))
            .Difference(Silver.Of(File.ReadAllBytes(Path.Combine(folder, sibling)))).ShouldBeLessThan(5);
    }

    private static async Task<List<Comparison>> CompareAsync(string originals, string copies)
    {
        await Tools.RequireAsync(Tools.Python, "-c", "import PIL.ImageCms, numpy");
        await Tools.RequireAsync("sh", "-c", "command -v heif-convert");
        var lines = await Tools.RunAsync(Tools.Python, Path.Combine(Folder, "compare.py"), originals, copies);
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Comparison.Parse)];
    }

    private static List<Explanation> Explained() =>
    [
        .. File.ReadLines(Path.Combine(Folder, "explained.tsv")).Where(line => !line.StartsWith('#')).Select(line => line.Split('\t'))
            .Select(fields => new Explanation(fields[0], fields[1], fields[2])),
    ];

    private sealed record Explanation(string Pattern, string Fault, string Reason)
    {
        public bool Covers(string file, string fault) => Fault == fault && Reason.Length > 0 && FileSystemName.MatchesSimpleExpression(Pattern, file, ignoreCase: false);
    }

    private sealed record Comparison(string File, double? Mean, double? Percentile95, string Why)
    {
        public string? Fault => Mean is null ? NotRead : Mean > MostOnAverage || Percentile95 > MostAtPercentile95 ? Differs : null;

        public static Comparison Parse(string line)
        {
            var fields = line.Split('\t');
            return new(fields[0], Number(fields[1]), Number(fields[2]), fields[3]);
        }

        private static double? Number(string field) => field.Length == 0 ? null : double.Parse(field, CultureInfo.InvariantCulture);
    }
}
