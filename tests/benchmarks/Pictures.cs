using System.Diagnostics;
using Assay.Platform.Pixels;
using ImageMagick;
using NetVips;

namespace Assay.Benchmarks;

/// <summary>The files that are measured: always the same, made when they are first needed, kept in a folder for the next time.</summary>
internal static class Pictures
{
    private const int Seed = 20260101;

    private const string HeicEncoder = "/usr/bin/heif-enc";

    private static readonly Dictionary<string, (string Extension, Action<Image, string> Save)> Formats = new()
    {
        ["JPEG"] = ("jpg", (image, path) => image.Jpegsave(path, q: 90, subsampleMode: Enums.ForeignSubsample.On)),
        ["JPEG 4:4:4"] = ("jpg", (image, path) => image.Jpegsave(path, q: 90, subsampleMode: Enums.ForeignSubsample.Off)),
        ["JPEG progressive"] = ("jpg", (image, path) => image.Jpegsave(path, q: 90, interlace: true, subsampleMode: Enums.ForeignSubsample.On)),
        ["JPEG progressive 4:4:4"] = ("jpg", (image, path) => image.Jpegsave(path, q: 90, interlace: true, subsampleMode: Enums.ForeignSubsample.Off)),
        ["JPEG grey"] = ("jpg", (image, path) => image.ExtractBand(1).Copy(interpretation: Enums.Interpretation.Bw).Jpegsave(path, q: 90)),
        ["JPEG CMYK"] = ("jpg", (image, path) => image.IccTransform("cmyk", inputProfile: "srgb").Jpegsave(path, q: 90)),
        ["PNG"] = ("png", (image, path) => image.Pngsave(path, compression: 3)),
        ["PNG 16-bit"] = ("png", (image, path) => image.Colourspace(Enums.Interpretation.Rgb16).Pngsave(path, compression: 1)),
        ["PNG interlaced"] = ("png", (image, path) => image.Pngsave(path, compression: 1, interlace: true)),
        ["PNG interlaced, 16-bit, alpha"] = ("png", (image, path) => WithAlpha(image).Colourspace(Enums.Interpretation.Rgb16).Pngsave(path, compression: 1, interlace: true)),
        ["WebP"] = ("webp", (image, path) => image.Webpsave(path, q: 85, effort: 1)),
        ["WebP lossless"] = ("webp", (image, path) => image.Webpsave(path, lossless: true, effort: 0)),
        ["WebP alpha"] = ("webp", (image, path) => WithAlpha(image).Webpsave(path, q: 85, effort: 1)),
        ["GIF"] = ("gif", (image, path) => image.Gifsave(path, effort: 1)),
        ["TIFF"] = ("tif", (image, path) => image.Tiffsave(path)),
        ["TIFF LZW"] = ("tif", (image, path) => image.Tiffsave(path, compression: Enums.ForeignTiffCompression.Lzw)),
        ["AVIF"] = ("avif", (image, path) => image.Heifsave(path, q: 60, compression: Enums.ForeignHeifCompression.Av1, effort: 0)),
        ["HEIC"] = ("heic", Heic),
        ["BMP"] = ("bmp", (image, path) => Magick(image, path, MagickFormat.Bmp)),
        ["JPEG XL"] = ("jxl", (image, path) => Magick(image, path, MagickFormat.Jxl)),
        ["JPEG 2000"] = ("jp2", (image, path) => Magick(image, path, MagickFormat.Jp2)),
    };

    /// <summary>The folder of the files.</summary>
    public static string Folder { get; } = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "assay-benchmarks")).FullName;

    /// <summary>Whether what writes the format is there: neither of this project's libraries writes HEIC, but <c>heif-enc</c> does (Debian: libheif-examples).</summary>
    public static bool CanMake(string format) => format != "HEIC" || File.Exists(HeicEncoder);

    /// <summary>A real photograph of 12 megapixels, as a telephone wrote it or in one of the formats above.</summary>
    public static string Photograph(DirectoryInfo shared, string? format = null)
    {
        var original = Path.Combine(shared.FullName, "images", "cameras", "iphone_13_pro_max.HEIC");
        if (format is null)
            return original;
        var (extension, save) = Formats[format];
        return Make($"photograph-{Name(format)}.{extension}", extension, save, () =>
        {
            using var photograph = new MagickImage(original);
            var bytes = photograph.GetPixelsUnsafe().ToByteArray(PixelMapping.RGB)!;
            return Image.NewFromMemoryCopy<byte>(bytes, (int)photograph.Width, (int)photograph.Height, 3, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        });
    }

    /// <summary>The path of a picture of 4 : 3 with so many megapixels.</summary>
    /// <param name="format">Which format.</param>
    /// <param name="megapixels">How large.</param>
    /// <param name="plain">Whether it is plain, so that its file is small however many pixels it has.</param>
    public static string Get(string format, double megapixels, bool plain = false)
    {
        var (width, height) = ((int)(Math.Sqrt(megapixels * 4 / 3) * 1000), (int)(Math.Sqrt(megapixels * 3 / 4) * 1000));
        var (extension, save) = Formats[format];
        return Make($"{Name(format)}-{width}x{height}{(plain ? "-plain" : "")}.{extension}", extension, save, () => plain ? Plain(width, height) : Draw(width, height));
    }

    private static string Make(string name, string extension, Action<Image, string> save, Func<Image> pixels)
    {
        var path = Path.Combine(Folder, name);
        if (File.Exists(path))
            return path;
        Vips.Prepare();
        using var picture = pixels();
        // Its own extension still tells the writer the format.
        var unfinished = Path.Combine(Folder, $"unfinished-{Environment.ProcessId}.{extension}");
        save(picture, unfinished);
        File.Move(unfinished, path, overwrite: true);
        return path;
    }

    private static string Name(string format) => string.Concat(format.Where(char.IsLetterOrDigit));

    // What makes a photograph costly to decode: large shapes, edges in every direction, and a sensor's noise.
    private static Image Draw(int width, int height)
    {
        using var shapes = Image.Perlin(width, height, cellSize: Math.Max(8, width / 12), uchar: true, seed: Seed);
        using var edges = Image.Worley(width, height, cellSize: Math.Max(8, width / 40), seed: Seed).Linear([10_000.0 / width], [0]);
        using var noise = Image.Gaussnoise(width, height, sigma: 5, mean: 0, seed: Seed);
        using var red = shapes * 0.7 + edges * 0.3 + noise;
        using var green = shapes * 0.5 + edges * 0.4 + noise + 20;
        using var blue = shapes * -0.6 + edges * 0.2 + noise + 170;
        using var colours = red.Bandjoin(green, blue).Cast(Enums.BandFormat.Uchar);
        return colours.Copy(interpretation: Enums.Interpretation.Srgb).CopyMemory();
    }

    private static Image Plain(int width, int height)
    {
        using var grey = (Image.Black(width, height) + 100).Cast(Enums.BandFormat.Uchar);
        using var colours = grey.Bandjoin(grey, grey);
        return colours.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    private static Image WithAlpha(Image image) => image.Bandjoin(image.ExtractBand(2));

    private static void Heic(Image image, string path)
    {
        var png = Path.ChangeExtension(path, ".png");
        image.Pngsave(png, compression: 1);
        using var process = Process.Start(new ProcessStartInfo(HeicEncoder, ["--quality", "60", "--output", path, png]))!;
        process.WaitForExit();
        File.Delete(png);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{HeicEncoder} ended with {process.ExitCode}.");
    }

    private static void Magick(Image image, string path, MagickFormat format)
    {
        using var copy = new MagickImage();
        copy.ReadPixels(image.WriteToMemory<byte>(), new PixelReadSettings((uint)image.Width, (uint)image.Height, StorageType.Char, PixelMapping.RGB));
        copy.Write(path, format);
    }
}
