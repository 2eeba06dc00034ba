using System.Text;
using System.Text.Json;
using Assay.Enrich;
using Assay.Platform.Objects;
using CsCheck;
using Shouldly;
using Xunit;

namespace Assay.Tests.Enrich;

/// <summary>EXIF written for a test: what cameras rarely write, and what nobody should.</summary>
public sealed class ExifTests
{
    private const ushort Description = 0x010E, Make = 0x010F, Model = 0x0110, Software = 0x0131, Changed = 0x0132, Artist = 0x013B, Copyright = 0x8298,
        ExposureTime = 0x829A, FNumber = 0x829D, Iso = 0x8827, IsoSpeed = 0x8833, Taken = 0x9003, Digitized = 0x9004, TakenOffset = 0x9011, TakenFraction = 0x9291,
        MakerNote = 0x927C, UserComment = 0x9286, Owner = 0xA430, BodySerial = 0xA431, LensSpecification = 0xA432, LensModel = 0xA434, LensSerial = 0xA435;

    private static ImageMetadata Read(ExifWriter exif, EnrichOptions? options = null) => Sample.Read(exif.In(Sample.Bare), options);

    [Theory]
    [InlineData("+05:30", 330, "2024-05-06T01:38:09")]
    [InlineData("-08:00", -480, "2024-05-06T15:08:09")]
    [InlineData("Z", 0, "2024-05-06T07:08:09")]
    public void With_an_offset_the_time_is_known_in_utc(string offset, int minutes, string utc)
    {
        var said = Read(new ExifWriter().Photo(Taken, "2024:05:06 07:08:09").Photo(TakenOffset, offset));
        said.CapturedAt.ShouldBe(new DateTime(2024, 5, 6, 7, 8, 9));
        said.CapturedAtOffsetMinutes.ShouldBe(minutes);
        said.CapturedAtUtc!.Value.ToString("s").ShouldBe(utc);
    }

    [Theory]
    [InlineData("+99:00")]
    [InlineData("+14:01")]
    [InlineData("Europe")]
    [InlineData("")]
    public void Without_a_possible_offset_the_time_is_only_local(string offset)
    {
        var said = Read(new ExifWriter().Photo(Taken, "2024:05:06 07:08:09").Photo(TakenOffset, offset));
        said.CapturedAt.ShouldNotBeNull();
        said.CapturedAtOffsetMinutes.ShouldBeNull();
        said.CapturedAtUtc.ShouldBeNull();
    }

    [Theory]
    [InlineData("5", 500)]
    [InlineData("068", 68)]
    [InlineData("123456", 123)]
    [InlineData("x", 0)]
    public void The_fraction_of_a_second_is_what_stands_behind_the_point(string digits, int milliseconds) =>
        Read(new ExifWriter().Photo(Taken, "2024:05:06 07:08:09").Photo(TakenFraction, digits)).CapturedAt!.Value.Millisecond.ShouldBe(milliseconds);

    [Theory]
    [InlineData("0000:00:00 00:00:00")]
    [InlineData("    :  :     :  :  ")]
    [InlineData("2024:13:40 07:08:09")]
    [InlineData("1825:01:01 00:00:00")]
    [InlineData("yesterday")]
    public void A_time_that_cannot_be_is_left_out(string time) => Read(new ExifWriter().Photo(Taken, time)).CapturedAt.ShouldBeNull();

    [Fact]
    public void When_it_was_digitized_counts_when_it_was_taken_is_missing_but_when_it_was_changed_never()
    {
        Read(new ExifWriter().Photo(Digitized, "1999:01:02 03:04:05").Image(Changed, "2020:01:01 00:00:00")).CapturedAt.ShouldBe(new DateTime(1999, 1, 2, 3, 4, 5));
        Read(new ExifWriter().Image(Changed, "2020:01:01 00:00:00")).CapturedAt.ShouldBeNull();
    }

    [Fact]
    public void Fractions_are_exact_to_the_last_digit()
    {
        var said = Read(new ExifWriter().Photo(FNumber, (28, 10)).Photo(ExposureTime, (1, 500)));
        said.FNumber.ShouldBe(2.8);
        said.ExposureSeconds.ShouldBe(0.002);
    }

    [Fact]
    public void Numbers_that_no_camera_has_are_left_out()
    {
        var said = Read(new ExifWriter().Photo(ExposureTime, (1, 0)).Photo(FNumber, (0, 0)).Photo(Iso, 0));
        said.ExposureSeconds.ShouldBeNull();
        said.FNumber.ShouldBeNull();
        said.Iso.ShouldBeNull();
    }

    [Fact]
    public void A_sensitivity_beyond_16_bits_is_found_where_it_fits() =>
        Read(new ExifWriter().Photo(Iso, 65535).PhotoLong(IsoSpeed, 204_800)).Iso.ShouldBe(204_800);

    [Fact]
    public void A_lens_is_named_or_described()
    {
        Read(new ExifWriter().Photo(LensModel, "EF 50mm").Photo(LensSpecification, (50, 1), (50, 1), (18, 10), (18, 10))).Lens.ShouldBe("EF 50mm");
        Read(new ExifWriter().Photo(LensSpecification, (50, 1), (50, 1), (18, 10), (18, 10))).Lens.ShouldBe("50 mm f/1.8");
        Read(new ExifWriter().Photo(LensSpecification, (18, 1), (55, 1), (0, 0), (0, 0))).Lens.ShouldBe("18-55 mm");
    }

    [Fact]
    public void South_west_and_below_the_sea_are_negative_and_only_when_asked_for()
    {
        var exif = new ExifWriter().Gps("S", [(33, 1), (30, 1), (0, 1)], "W", [(70, 1), (15, 1), (36, 1)], isBelowSea: true, (121, 10));
        Read(exif).Position.ShouldBeNull();
        var place = Read(exif, new EnrichOptions { KeepGps = true }).Position.ShouldNotBeNull();
        place.Latitude.ShouldBe(-33.5, 1e-9);
        place.Longitude.ShouldBe(-70.26, 1e-9);
        place.AltitudeMetres.ShouldBe(-12.1);
    }

    [Fact]
    public void A_place_that_is_not_on_earth_is_none()
    {
        var exif = new ExifWriter().Gps("N", [(91, 1), (0, 1), (0, 1)], "E", [(200, 1), (0, 1), (0, 1)], isBelowSea: false, (0, 1));
        Read(exif, new EnrichOptions { KeepGps = true }).Position.ShouldBeNull();
    }

    [Fact]
    public void Who_owns_the_camera_and_which_one_it_is_are_never_kept()
    {
        const string secret = "Hidden-4711";
        var exif = new ExifWriter().Image(Make, "Maker").Image(Artist, secret).Image(Copyright, secret)
            .Photo(Owner, secret).Photo(BodySerial, secret).Photo(LensSerial, secret).Photo(MakerNote, secret).Photo(UserComment, secret);
        var said = Read(exif, new EnrichOptions { KeepGps = true });
        said.CameraMake.ShouldBe("Maker");
        JsonSerializer.Serialize(said).ShouldNotContain(secret);
    }

    [Theory]
    [InlineData("  Canon \n EOS\t5D  ", "Canon EOS 5D")]
    [InlineData("safe\u202Egpj.exe", "safegpj.exe")]
    [InlineData("a\u0007b\u001B[31mc", "ab[31mc")]
    [InlineData("Zürich 東京 \u0001", "Zürich 東京")]
    [InlineData("\u200B\uFEFF", null)]
    public void Text_is_one_line_without_what_could_deceive(string written, string? kept) =>
        Read(new ExifWriter().Image(Description, written)).Description.ShouldBe(kept);

    [Fact]
    public void Text_that_is_not_utf8_is_latin_1() =>
        Read(new ExifWriter().Image(Description, Encoding.Latin1.GetBytes("Zürich\0"))).Description.ShouldBe("Zürich");

    [Fact]
    public void Text_is_cut_at_the_limit_and_never_in_the_middle_of_a_character()
    {
        var exif = new ExifWriter().Image(Description, new string('x', 10_000)).Image(Software, string.Concat(Enumerable.Repeat("😀", 300)));
        var said = Read(exif, new() { MaxTextLength = 17 });
        said.Description.ShouldBe(new string('x', 17));
        said.Software.ShouldBe(string.Concat(Enumerable.Repeat("😀", 8)));
    }

    [Fact]
    public void A_damaged_block_gives_what_could_be_read_and_a_note()
    {
        var block = new ExifWriter().Image(Make, "A maker with a long name").Photo(Taken, "2024:05:06 07:08:09").Block();
        // The first directory's first entry is the maker: its text now lies beyond the end.
        var said = Sample.Read(ExifWriter.Segment(Sample.Bare, [.. block[..18], 0xFF, 0xFF, .. block[20..]]));
        said.CameraMake.ShouldBeNull();
        said.CapturedAt.ShouldBe(new DateTime(2024, 5, 6, 7, 8, 9));
        said.Notes.ShouldBe(["EXIF is damaged in places."]);
    }

    [Fact]
    public void Whatever_bytes_stand_in_the_block_nothing_is_thrown()
    {
        var whole = new ExifWriter().Image(Make, "Maker").Image(Model, "Model").Photo(Taken, "2024:05:06 07:08:09").Photo(FNumber, (28, 10))
            .Gps("N", [(1, 1), (2, 1), (3, 1)], "E", [(4, 1), (5, 1), (6, 1)], false, (7, 1)).Block();
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[1, 20].Sample(changes =>
        {
            var block = (byte[])whole.Clone();
            foreach (var (place, value) in changes)
                block[place] = value;
            Sample.Read(ExifWriter.Segment(Sample.Bare, block), new() { KeepGps = true }).BitDepth.ShouldBe(8);
        }, iter: 3000, threads: 1);
    }

    [Fact]
    public void A_directory_that_points_to_itself_ends()
    {
        var block = new ExifWriter().Image(Make, "Maker").Photo(Taken, "2024:05:06 07:08:09").Block();
        // The pointer to the photograph's directory (tag 0x8769) now points to the directory that it is in.
        var entry = block.AsSpan().IndexOf(new byte[] { 0x69, 0x87 });
        block[entry + 8] = 8;
        Sample.Read(ExifWriter.Segment(Sample.Bare, block)).CameraMake.ShouldBe("Maker");
    }
}
