using Assay.Enrich;
using Assay.Platform.Objects;
using NetVips;
using Shouldly;
using Xunit;

namespace Assay.Tests.Enrich;

/// <summary>Pictures whose measures a person can work out on paper.</summary>
public sealed class MeasuresTests
{
    private static Measurements Of(int width, int height, Func<int, int, byte> luma) => Measures.Of(Sample.Grey(width, height, luma));

    [Theory]
    [InlineData(0, 0.0)]
    [InlineData(51, 0.2)]
    [InlineData(255, 1.0)]
    public void A_plain_picture_is_as_bright_as_its_colour_and_has_nothing_else(byte luma, double brightness)
    {
        var measured = Of(64, 48, (_, _) => luma);
        measured.ShouldBe(new Measurements(0, brightness, 0, 0, 1, measured.PerceptualHash));
    }

    [Fact]
    public void Half_black_half_white()
    {
        var measured = Of(64, 64, (x, _) => (byte)(x < 32 ? 0 : 255));
        measured.Brightness.ShouldBe(0.5);
        measured.Contrast.ShouldBe(0.5);
        measured.Entropy.ShouldBe(1);
        measured.Uniformity.ShouldBe(0.5);
        // Of 62 columns with four neighbours, one has a Laplacian of 255 and one of -255.
        measured.Sharpness.ShouldBe(Math.Round(2 * 255.0 * 255 / 62, 2));
    }

    [Fact]
    public void Four_equal_shares_of_grey_have_two_bits_of_entropy()
    {
        var measured = Of(64, 64, (x, _) => (byte)(x / 16 * 85));
        measured.Entropy.ShouldBe(2);
        measured.Uniformity.ShouldBe(0.25);
        measured.Brightness.ShouldBe(0.5);
        // Of 0, 85, 170 and 255.
        measured.Contrast.ShouldBe(Math.Round(Math.Sqrt((127.5 * 127.5 + 42.5 * 42.5) / 2) / 255, 4));
    }

    [Fact]
    public void Lumas_up_to_eight_away_count_as_the_same()
    {
        Of(64, 64, (x, _) => (byte)(x < 40 ? 100 : 108)).Uniformity.ShouldBe(1);
        Of(64, 64, (x, _) => (byte)(x < 40 ? 100 : 109)).Uniformity.ShouldBe(0.625);
    }

    [Theory]
    [InlineData(255, 0, 0, 0.299)]
    [InlineData(0, 255, 0, 0.587)]
    [InlineData(0, 0, 255, 0.114)]
    public void Green_is_brighter_than_red_and_red_than_blue(int red, int green, int blue, double brightness) =>
        Measures.Of(Sample.Colour(32, 32, red, green, blue).JpegsaveBuffer(q: 100)).Brightness.ShouldBe(brightness, 0.004);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 200)]
    [InlineData(200, 2)]
    public void Too_small_to_have_neighbours_is_not_sharp_and_not_an_error(int width, int height) =>
        Of(width, height, (x, y) => (byte)(x * 90 + y)).Sharpness.ShouldBe(0);

    [Fact]
    public void The_more_a_photograph_is_blurred_the_less_sharp_it_is()
    {
        foreach (var file in Photographs(50))
        {
            using var photo = Image.NewFromFile(file);
            using var slightly = photo.Gaussblur(1);
            using var very = photo.Gaussblur(3);
            var measured = new[] { photo, slightly, very }.Select(image => Measures.Of(image.JpegsaveBuffer(q: 85)).Sharpness).ToArray();
            measured[1].ShouldBeLessThan(measured[0], file);
            measured[2].ShouldBeLessThan(measured[1], file);
        }
    }

    [Fact]
    public void The_default_threshold_lets_sharp_photographs_pass_and_catches_blurred_ones()
    {
        string[] files = [.. Photographs(100)];
        var threshold = new EnrichOptions().MinSharpness;
        int Blurred(double sigma) => files.Count(file =>
        {
            using var photo = Image.NewFromFile(file);
            using var small = photo.ThumbnailImage(512, height: 512, size: Enums.Size.Down);
            using var result = sigma > 0 ? small.Gaussblur(sigma) : small.Copy();
            return Measures.Of(result.JpegsaveBuffer(q: 85)).Sharpness < threshold;
        });
        Blurred(0).ShouldBeLessThan(files.Length / 7);
        Blurred(2).ShouldBeGreaterThan(files.Length * 95 / 100);
    }

    [Fact]
    public void The_same_bytes_give_the_same_numbers_on_every_thread()
    {
        var jpeg = Sample.Grey(500, 300, (x, y) => (byte)(x * y));
        var alone = Measures.Of(jpeg);
        var together = new Measurements[64];
        Parallel.For(0, together.Length, i => together[i] = Measures.Of(jpeg));
        together.ShouldAllBe(measured => measured == alone);
    }

    private static IEnumerable<string> Photographs(int count) =>
        Directory.EnumerateFiles(SharedFolder.Require("images", "photos")).Order(StringComparer.Ordinal).Take(count);
}
