using Assay.Tests.Preprocess;
using ImageMagick;
using NetVips;
using Shouldly;
using Xunit;

namespace Assay.Tests.Enrich;

/// <summary>What the container says, whether or not there is EXIF.</summary>
public sealed class ContainerTests
{
    [Fact]
    public void Sixteen_bit_grey_is_called_that()
    {
        using var grey = (Sample.Colour(8, 8, 0) + 1000).Cast(Enums.BandFormat.Ushort).Copy(interpretation: Enums.Interpretation.Grey16);
        var said = Sample.Read(grey.PngsaveBuffer());
        (said.BitDepth, said.ColourModel, said.Frames).ShouldBe((16, "grey", 1));
    }

    [Fact]
    public void Cmyk_and_its_profile_are_named()
    {
        using var ink = Sample.Colour(8, 8, 10, 20, 30).IccTransform("cmyk", inputProfile: "srgb");
        var said = Sample.Read(ink.JpegsaveBuffer());
        said.ColourModel.ShouldBe("cmyk");
        said.ProfileName.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void A_palette_has_the_bits_that_are_stored()
    {
        using var colour = Sample.Colour(8, 8, 10, 20, 30);
        Sample.Read(colour.PngsaveBuffer(palette: true, bitdepth: 2)).BitDepth.ShouldBe(2);
    }

    [Theory]
    [InlineData("chi.gif", 31)]
    [InlineData("multipage.tiff", 3)]
    [InlineData("delay.png", 4)]
    public void Frames_are_counted_in_every_container(string file, int frames) =>
        Sample.Read(File.ReadAllBytes(SharedFolder.Require("images", "formats-pillow", file))).Frames.ShouldBe(frames);

    [Fact]
    public void A_pngs_texts_are_read()
    {
        using var image = Sample.Colour(8, 8, 1, 2, 3).Mutate(header =>
        {
            header.Set(GValue.GStrType, "png-comment-0-Software", "Drawer 1.0");
            header.Set(GValue.GStrType, "png-comment-1-Title", "A title");
            header.Set(GValue.GStrType, "png-comment-2-Author", "Somebody");
        });
        var said = Sample.Read(image.PngsaveBuffer());
        (said.Software, said.Description).ShouldBe(("Drawer 1.0", "A title"));
    }

    [Fact]
    public void Exif_in_a_png_chunk_is_read()
    {
        using var image = Sample.Colour(8, 8, 1, 2, 3);
        var png = image.PngsaveBuffer();
        var exif = PngChunk.Of([.. "eXIf"u8, .. new ExifWriter().Image(0x010F, "Maker").Block()]);
        // Behind the signature and the header chunk.
        var said = Sample.Read([.. png[..33], .. exif, .. png[33..]]);
        said.CameraMake.ShouldBe("Maker");
        said.Notes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(MagickFormat.Bmp, "rgb", 8, 1)]
    [InlineData(MagickFormat.Jp2, "rgb", 8, 1)]
    [InlineData(MagickFormat.J2k, "rgb", 8, 1)]
    [InlineData(MagickFormat.Jxl, "rgb", 8, null)]
    public void Formats_that_libvips_does_not_know_say_what_they_are_too(MagickFormat format, string model, int bits, int? frames)
    {
        using var image = new MagickImage(MagickColors.Teal, 8, 8);
        var said = Sample.Read(image.ToByteArray(format));
        (said.ColourModel, said.BitDepth, said.Frames).ShouldBe((model, bits, frames));
        said.Notes.ShouldBeEmpty();
    }

    [Fact]
    public void A_bmp_with_bytes_behind_the_image_says_what_it_is()
    {
        using var image = new MagickImage(MagickColors.Teal, 8, 8);
        var said = Sample.Read([.. image.ToByteArray(MagickFormat.Bmp), 0, 1, 2]);
        (said.ColourModel, said.Frames).ShouldBe(("rgb", 1));
        said.Notes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Exif_in_a_jpeg_xl_container_is_read_plain_or_compressed(bool compressed)
    {
        var said = Sample.Read(JpegXlFile.With(new ExifWriter().Image(0x010F, "Maker").Block(), compressed));
        said.CameraMake.ShouldBe("Maker");
        said.Notes.ShouldBeEmpty();
    }

    [Fact]
    public void Compressed_exif_that_unpacks_to_megabytes_is_left_alone_and_named()
    {
        var said = Sample.Read(JpegXlFile.With(new byte[50_000_000], compressed: true));
        said.CameraMake.ShouldBeNull();
        said.Notes.ShouldBe(["EXIF cannot be unpacked."]);
        said.ColourModel.ShouldBe("rgb");
    }

    [Fact]
    public void What_has_no_header_says_so_in_a_note_and_nothing_else()
    {
        foreach (byte[] file in (byte[][])[[], [1], [.. "no image"u8], [0xFF, 0xD8, 0xFF], Sample.Bare[..20]])
        {
            var said = Sample.Read(file);
            said.Notes.ShouldBe(["The container's header cannot be read here."]);
            said.BitDepth.ShouldBeNull();
        }
    }
}
