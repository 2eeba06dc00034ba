using System.Buffers.Binary;
using System.Text;
using NetVips;
using Shouldly;
using Xunit;

namespace Assay.Tests.Preprocess;

/// <summary>Nothing that the camera or an editor wrote beside the pixels gets into silver.</summary>
public sealed class StrippedTests
{
    private const string Secret = "Hidden-4711";

    private static readonly string[] Words = [Secret, "Exif", "xmpmeta", "ICC_PROFILE", "Photoshop"];

    [Theory]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("webp")]
    [InlineData("tiff")]
    [InlineData("avif")]
    public void No_metadata_block_survives(string format)
    {
        using var drawn = Drawn.Detailed(64, 64);
        using var wide = drawn.IccTransform("p3", inputProfile: "srgb");
        using var laden = wide.Mutate(header =>
        {
            header.Set(GValue.GStrType, "exif-ifd0-Artist", Secret);
            header.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "51/1 30/1 0/1");
            header.Set(GValue.BlobType, "xmp-data", Encoding.ASCII.GetBytes($"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{Secret}</x:xmpmeta>"));
            header.Set(GValue.BlobType, "iptc-data", Encoding.ASCII.GetBytes(Secret));
            header.Set(GValue.GStrType, "png-comment-0-Author", Secret);
        });
        var original = laden.As(format);
        Contains(original, Secret).ShouldBeTrue();
        RequireBare(Silver.Of(original).Jpeg.ToArray());
    }

    [Fact]
    public void No_camera_file_leaves_a_trace()
    {
        foreach (var file in Directory.EnumerateFiles(SharedFolder.Require("images", "cameras")))
            RequireBare(Silver.Of(File.ReadAllBytes(file)).Jpeg.ToArray());
    }

    // ITU-T T.81, table B.1: the segments that a decoder needs, and JFIF's own header.
    private static void RequireBare(byte[] jpeg)
    {
        byte[] needed = [0xE0, 0xDB, 0xC0, 0xC4, 0xDD, 0xDA];
        var at = 2;
        for (byte marker = 0; marker != 0xDA; at += 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(at + 2)))
        {
            jpeg[at].ShouldBe((byte)0xFF);
            marker = jpeg[at + 1];
            needed.ShouldContain(marker);
            if (marker == 0xE0)
                Encoding.ASCII.GetString(jpeg, at + 4, 4).ShouldBe("JFIF");
        }
        foreach (var word in Words)
            Contains(jpeg, word).ShouldBeFalse(word);
        jpeg.AsSpan().IndexOf(new byte[] { 0xFF, 0xD9 }).ShouldBe(jpeg.Length - 2, "something follows the image");
    }

    private static bool Contains(byte[] file, string text) => file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;
}
