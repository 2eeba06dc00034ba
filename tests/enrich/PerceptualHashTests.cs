using Assay.Enrich;
using NetVips;
using Shouldly;
using Xunit;

namespace Assay.Tests.Enrich;

public sealed class PerceptualHashTests
{
    private static ulong Hash(byte[] jpeg) => Measures.Of(jpeg).PerceptualHash;

    [Theory]
    [InlineData(0UL, 0UL, 0)]
    [InlineData(0UL, ulong.MaxValue, 64)]
    [InlineData(0b1011UL, 0b0010UL, 2)]
    public void Distance_counts_the_bits_that_differ(ulong one, ulong other, int distance) => PerceptualHash.Distance(one, other).ShouldBe(distance);

    [Fact]
    public void A_copy_in_another_size_or_quality_is_near()
    {
        foreach (var file in Photographs(50))
        {
            using var photo = Image.NewFromFile(file);
            var original = Hash(photo.JpegsaveBuffer(q: 85));
            using var half = photo.Resize(0.5);
            using var third = photo.Resize(0.33);
            PerceptualHash.Distance(original, Hash(half.JpegsaveBuffer(q: 85))).ShouldBeLessThanOrEqualTo(8, file);
            PerceptualHash.Distance(original, Hash(third.JpegsaveBuffer(q: 75))).ShouldBeLessThanOrEqualTo(8, file);
            PerceptualHash.Distance(original, Hash(photo.JpegsaveBuffer(q: 30))).ShouldBeLessThanOrEqualTo(8, file);
        }
    }

    [Fact]
    public void Somewhat_brighter_or_in_grey_is_near_too()
    {
        foreach (var file in Photographs(50))
        {
            using var photo = Image.NewFromFile(file);
            var original = Hash(photo.JpegsaveBuffer(q: 85));
            using var brighter = (photo * 0.8 + 30).Cast(Enums.BandFormat.Uchar);
            using var grey = photo.Colourspace(Enums.Interpretation.Bw);
            PerceptualHash.Distance(original, Hash(brighter.JpegsaveBuffer(q: 85))).ShouldBeLessThanOrEqualTo(8, file);
            PerceptualHash.Distance(original, Hash(grey.JpegsaveBuffer(q: 85))).ShouldBeLessThanOrEqualTo(8, file);
        }
    }

    [Fact]
    public void A_mirrored_or_turned_picture_is_another_one()
    {
        foreach (var file in Photographs(50))
        {
            using var photo = Image.NewFromFile(file);
            var original = Hash(photo.JpegsaveBuffer(q: 85));
            using var mirrored = photo.Flip(Enums.Direction.Horizontal);
            using var turned = photo.Rot90();
            PerceptualHash.Distance(original, Hash(mirrored.JpegsaveBuffer(q: 85))).ShouldBeGreaterThan(16, file);
            PerceptualHash.Distance(original, Hash(turned.JpegsaveBuffer(q: 85))).ShouldBeGreaterThan(10, file);
        }
    }

    [Fact]
    public void Different_photographs_are_far_apart()
    {
        ulong[] hashes = [.. Photographs(200).Select(file => Hash(File.ReadAllBytes(file)))];
        int[] distances = [.. hashes.SelectMany((one, i) => hashes[..i].Select(other => PerceptualHash.Distance(one, other)))];
        distances.Average().ShouldBe(32, 2);
        // Of some 20,000 pairs, at most one in a thousand looks like a copy.
        distances.Count(distance => distance <= 8).ShouldBeLessThanOrEqualTo(distances.Length / 1000);
    }

    [Fact]
    public void The_hash_of_a_picture_never_changes()
    {
        // Worked out with a few lines of Python from the definition. Hashes of many years are compared with each other: a change needs a new enricher version.
        Hash(Sample.Grey(128, 128, (x, y) => (byte)(x / 8 * (x / 8) * 31 + y / 8 * 17 + x / 8 * (y / 8) * 7))).ToString("x16", null).ShouldBe("005f217e57837f91");
    }

    private static IEnumerable<string> Photographs(int count) =>
        Directory.EnumerateFiles(SharedFolder.Require("images", "photos")).Order(StringComparer.Ordinal).Take(count);
}
