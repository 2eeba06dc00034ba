using System.Globalization;
using System.Text;
using Assay.Contracts;
using Assay.Platform.Pixels;
using NetVips;

namespace Assay.Chaos;

/// <summary>What a file is, and so how it must end.</summary>
internal enum PictureKind
{
    Good,
    Empty,
    Text,
    Truncated,
}

/// <summary>One file to be uploaded: the same bytes for the same seed, number and kind, on every machine.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Number">Which one.</param>
/// <param name="Kind">What it is.</param>
internal sealed record Picture(int Seed, int Number, PictureKind Kind)
{
    // Every 50th has the bytes of the one ten before it.
    private const int TwinEvery = 50, TwinDistance = 10;

    /// <summary>The reason for which it must be rejected; null where it must be classified.</summary>
    public string? Reason => Kind switch
    {
        PictureKind.Empty => RejectionReason.Empty,
        PictureKind.Text => RejectionReason.NotAnImage,
        PictureKind.Truncated => RejectionReason.Truncated,
        _ => null,
    };

    /// <summary>Whether it comes over HTTP; others are put into the landing bucket.</summary>
    public bool ByHttp => Chance(1).Next(10) < 6;

    /// <summary>The name under which it is uploaded. Each try has its own, as what became of an unanswered one is not known.</summary>
    public string NameOf(int attempt) => string.Create(CultureInfo.InvariantCulture, $"{Number:00000}-{attempt}.jpg");

    /// <summary>The number in a name.</summary>
    public static int NumberOf(string name) => int.Parse(name.AsSpan()[(name.LastIndexOf('/') + 1)..name.LastIndexOf('-')], CultureInfo.InvariantCulture);

    /// <summary>So many; about three in a hundred must be rejected.</summary>
    public static List<Picture> Some(int seed, int count) => [.. Enumerable.Range(0, count).Select(number => new Picture(seed, number, (number % 100) switch
    {
        33 => PictureKind.Empty,
        66 => PictureKind.Text,
        99 => PictureKind.Truncated,
        _ => PictureKind.Good,
    }))];

    /// <summary>The file.</summary>
    public byte[] Bytes() => Kind switch
    {
        PictureKind.Empty => [],
        PictureKind.Text => Encoding.UTF8.GetBytes($"This is text number {Number} of seed {Seed}, and not an image.\n"),
        PictureKind.Truncated => Draw() is var whole ? whole[..(whole.Length / 2)] : [],
        _ => Number % TwinEvery == TwinEvery - 1 - TwinDistance && Number >= TwinDistance && Kind == PictureKind.Good
            ? (this with { Number = Number - TwinDistance }).Draw()
            : Draw(),
    };

    private byte[] Draw()
    {
        var chance = Chance(0);
        var (width, height) = (chance.Next(200, 900), chance.Next(200, 700));
        var pixels = new byte[width * height * 3];
        var (red, green, blue) = (chance.Next(256), chance.Next(256), chance.Next(256));
        for (var i = 0; i < width * height; i++)
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = ((byte)(red * (i % width) / width), (byte)(green * (i / width) / height), (byte)blue);
        for (var shape = 0; shape < 12; shape++)
        {
            var (left, top) = (chance.Next(width - 20), chance.Next(height - 20));
            var (right, bottom) = (chance.Next(left + 1, width), chance.Next(top + 1, height));
            byte[] colour = [(byte)chance.Next(256), (byte)chance.Next(256), (byte)chance.Next(256)];
            for (var y = top; y < bottom; y++)
                for (var x = left; x < right; x++)
                    colour.CopyTo(pixels, 3 * (y * width + x));
        }
        Vips.Prepare();
        using var image = Image.NewFromMemory(pixels, width, height, 3, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        return Number % 4 == 0 && Kind == PictureKind.Good ? image.PngsaveBuffer(compression: 6) : image.JpegsaveBuffer(q: 85);
    }

    private Random Chance(int purpose) => new(unchecked(Seed * 1_000_003 + Number * 7 + purpose));
}
