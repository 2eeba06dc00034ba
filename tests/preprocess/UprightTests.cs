using System.Buffers.Binary;
using System.IO.Hashing;
using NetVips;
using Shouldly;
using Xunit;

namespace Assay.Tests.Preprocess;

/// <summary>Whichever way the camera was held, silver is as a person sees it.</summary>
public sealed class UprightTests
{
    private const int Width = 60, Height = 36;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Every_exif_orientation_comes_out_pixel_for_pixel_upright(int orientation)
    {
        using var upright = Drawn.Detailed(Width, Height);
        var silver = Silver.Of(AsHeld(upright, orientation));
        silver.PixelSha256.ShouldBe(Silver.Of(upright.As("png")).PixelSha256);
        (silver.RawWidth, silver.RawHeight, silver.Width, silver.Height).ShouldBe((Width, Height, Width, Height));
    }

    [Theory]
    [InlineData("Landscape", 1800, 1200)]
    [InlineData("Portrait", 1200, 1800)]
    public void A_scene_taken_in_every_orientation_always_looks_the_same(string scene, int width, int height)
    {
        var folder = SharedFolder.Require("images", "orientation");
        var reference = Silver.Of(File.ReadAllBytes(Path.Combine(folder, $"{scene}_1.jpg")));
        for (var orientation = 0; orientation <= 8; orientation++)
        {
            var silver = Silver.Of(File.ReadAllBytes(Path.Combine(folder, $"{scene}_{orientation}.jpg")));
            (silver.RawWidth, silver.RawHeight).ShouldBe((width, height));
            silver.Difference(reference).ShouldBeLessThan(4, $"{scene}_{orientation}.jpg");
        }
    }

    [Theory]
    [InlineData("hopper.jpg", "hopper_orientation_{0}.jpg", 8)]
    [InlineData("hopper.webp", "hopper_orientation_{0}.webp", 8)]
    [InlineData("g4_orientation_1.tif", "g4_orientation_{0}.tif", 3)]
    public void Orientation_is_read_from_webp_and_tiff_as_from_jpeg(string reference, string name, double difference)
    {
        var folder = SharedFolder.Require("images", "formats-pillow");
        var upright = Silver.Of(File.ReadAllBytes(Path.Combine(folder, reference)));
        for (var orientation = 2; orientation <= 8; orientation++)
        {
            var file = string.Format(null, name, orientation);
            Silver.Of(File.ReadAllBytes(Path.Combine(folder, file))).Difference(upright).ShouldBeLessThan(difference, file);
        }
    }

    [Fact]
    public void A_tiff_that_imagemagick_reads_is_turned_as_any_other()
    {
        using var upright = Drawn.Each(Width, Height, 3, (x, _) => x < Width / 2 ? [200, 40, 40] : [40, 40, 200]);
        using var lab = upright.Colourspace(Enums.Interpretation.Lab);
        using var held = lab.Mutate(header => header.Set(GValue.GIntType, "orientation", 6));
        var silver = Silver.Of(held.As("tiff"));
        (silver.RawWidth, silver.RawHeight, silver.Width, silver.Height).ShouldBe((Height, Width, Height, Width));
        // Turned clockwise, what was on the left is on top.
        silver.Pixel(Height / 2, Width / 4)[0].ShouldBeGreaterThan((byte)128);
        silver.Pixel(Height / 2, Width * 3 / 4)[2].ShouldBeGreaterThan((byte)128);
    }

    [Fact]
    public void A_jpeg_xl_that_was_stored_on_its_side_is_turned()
    {
        using var upright = Drawn.Detailed(Width, Height);
        using var held = new ImageMagick.MagickImage(upright.As("png")) { Quality = 100 };
        held.Orientation = ImageMagick.Orientation.LeftBottom;
        var silver = Silver.Of(held.ToByteArray(ImageMagick.MagickFormat.Jxl));
        (silver.RawWidth, silver.RawHeight).ShouldBe((Height, Width));
        // Turned back by a quarter, counter-clockwise.
        using var turned = upright.Rot270();
        silver.PixelSha256.ShouldBe(Silver.Of(turned.As("png")).PixelSha256);
    }

    [Theory]
    [InlineData("cameras/iphone_13_pro_max.HEIC", 3024, 4032)]
    [InlineData("formats-libvips/avif-orientation-6.avif", 3024, 4032)]
    public void Heif_is_turned_once_although_it_says_so_twice(string file, int width, int height)
    {
        var silver = Silver.Of(File.ReadAllBytes(SharedFolder.Require(["images", .. file.Split('/')])));
        (silver.RawWidth, silver.RawHeight).ShouldBe((width, height));
    }

    [Fact]
    public void The_orientation_in_a_pngs_exif_chunk_counts()
    {
        using var upright = Drawn.Each(Width, Height, 3, (x, _) => x < Width / 2 ? [200, 40, 40] : [40, 40, 200]);
        var png = upright.As("png");
        // One directory with one entry: orientation (0x0112), a short, 6.
        byte[] chunk = [.. "eXIfII*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
        var (length, checksum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, chunk.Length - 4);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32.HashToUInt32(chunk));
        var silver = Silver.Of([.. png[..33], .. length, .. chunk, .. checksum, .. png[33..]]);
        (silver.RawWidth, silver.RawHeight, silver.Width, silver.Height).ShouldBe((Height, Width, Height, Width));
        silver.Pixel(Height / 2, Width / 4)[0].ShouldBeGreaterThan((byte)128);
    }

    [Fact]
    public void An_orientation_that_does_not_exist_is_taken_for_upright()
    {
        using var upright = Drawn.Detailed(Width, Height);
        using var tagged = upright.Mutate(header => header.Set(GValue.GIntType, "orientation", 6));
        var file = tagged.As("jpeg");
        // The tag's entry: number 0x0112, type short, one value, the value.
        var entry = file.AsSpan().IndexOf(new byte[] { 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0 });
        entry.ShouldBeGreaterThan(0);
        file[entry + 8] = 77;
        var silver = Silver.Of(file);
        (silver.RawWidth, silver.RawHeight, silver.Width, silver.Height).ShouldBe((Width, Height, Width, Height));
    }

    // CIPA DC-008, 4.6.4: which side of the scene the first stored row and the first stored column are.
    private static byte[] AsHeld(Image upright, int orientation)
    {
        var pixels = upright.WriteToMemory<byte>();
        byte[] At(int x, int y) => pixels[((y * Width + x) * 3)..((y * Width + x) * 3 + 3)];
        var (right, bottom) = (Width - 1, Height - 1);
        Func<int, int, byte[]> stored = orientation switch
        {
            2 => (x, y) => At(right - x, y),
            3 => (x, y) => At(right - x, bottom - y),
            4 => (x, y) => At(x, bottom - y),
            5 => (x, y) => At(y, x),
            6 => (x, y) => At(right - y, x),
            7 => (x, y) => At(right - y, bottom - x),
            8 => (x, y) => At(y, bottom - x),
            _ => At,
        };
        using var held = orientation < 5 ? Drawn.Each(Width, Height, 3, stored) : Drawn.Each(Height, Width, 3, stored);
        using var tagged = held.Mutate(header => header.Set(GValue.GIntType, "orientation", orientation));
        return tagged.As("tiff");
    }
}
