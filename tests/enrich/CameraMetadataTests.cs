using Assay.Enrich;
using Assay.Platform.Objects;
using Shouldly;
using Xunit;

namespace Assay.Tests.Enrich;

/// <summary>Files from real cameras. What is expected is what ExifTool 12.57 says of them, not what this program said once.</summary>
public sealed class CameraMetadataTests
{
    private static ImageMetadata Read(string file, bool withGps = false) =>
        Sample.Read(File.ReadAllBytes(SharedFolder.Require("images", "cameras", file)), new EnrichOptions { KeepGps = withGps });

    [Fact]
    public void A_digital_camera()
    {
        var said = Read("DSCN0010.jpg");
        said.CameraMake.ShouldBe("NIKON");
        said.CameraModel.ShouldBe("COOLPIX P6000");
        said.CapturedAt.ShouldBe(new DateTime(2008, 10, 22, 16, 28, 39));
        said.CapturedAtOffsetMinutes.ShouldBeNull();
        said.CapturedAtUtc.ShouldBeNull("a guessed time zone would be wrong by hours");
        said.ExposureSeconds.ShouldBe(1 / 75.0);
        said.FNumber.ShouldBe(5.9);
        said.Iso.ShouldBe(64);
        said.FocalLengthMillimetres.ShouldBe(24);
        said.FocalLengthIn35MillimetreFilm.ShouldBe(112);
        said.Software.ShouldBe("Nikon Transfer 1.1 W");
        said.Description.ShouldBeNull("the camera wrote nothing but spaces");
        said.ColourSpace.ShouldBe("sRGB");
        said.ColourModel.ShouldBe("rgb");
        said.BitDepth.ShouldBe(8);
        said.Orientation.ShouldBe(1);
        said.Frames.ShouldBe(1);
        said.Notes.ShouldBeEmpty();
    }

    [Fact]
    public void A_phones_heic()
    {
        var said = Read("iphone_13_pro_max.HEIC");
        said.CameraMake.ShouldBe("Apple");
        said.CameraModel.ShouldBe("iPhone 13 Pro Max");
        said.Lens.ShouldBe("iPhone 13 Pro Max back triple camera 5.7mm f/1.5");
        said.CapturedAt.ShouldBe(new DateTime(2022, 2, 16, 12, 55, 41, 762));
        said.CapturedAtOffsetMinutes.ShouldBe(60);
        said.CapturedAtUtc.ShouldBe(new DateTime(2022, 2, 16, 11, 55, 41, 762, DateTimeKind.Utc));
        said.CapturedAtUtc!.Value.Kind.ShouldBe(DateTimeKind.Utc);
        said.FNumber.ShouldBe(1.5);
        said.Iso.ShouldBe(250);
        said.FocalLengthMillimetres.ShouldBe(5.7);
        said.ProfileName.ShouldBe("Display P3");
    }

    [Theory]
    [InlineData("Canon_40D.jpg", "Canon", "Canon EOS 40D", "2008-05-30T15:56:01", 1 / 160.0, 7.1, 100, 135.0)]
    [InlineData("Nikon_D70.jpg", "NIKON CORPORATION", "NIKON D70", "2008-03-15T09:52:01", 1 / 200.0, 9.0, 200, 100.0)]
    [InlineData("32-lens_data.jpeg", "NIKON CORPORATION", "NIKON D300", "2012-07-14T16:30:12", 1 / 500.0, 5.6, 200, 105.0)]
    [InlineData("Pentax_K10D.jpg", "PENTAX Corporation", "PENTAX K10D", "2008-05-04T16:47:24", 1 / 180.0, 11.0, 200, 90.0)]
    [InlineData("canon-ixus.jpg", "Canon", "Canon DIGITAL IXUS", "2001-06-09T15:17:32", 1 / 350.0, 4.0, null, 10.8125)]
    [InlineData("jolla.jpg", "Jolla", "Jolla", "2014-09-21T16:00:56", 0.04, 2.4, 320, 4.0)]
    [InlineData("kodak-dc210.jpg", "Eastman Kodak Company", "DC210 Zoom (V05.00)", "2000-10-26T16:46:51", 1 / 30.0, 4.0, null, 4.4)]
    public void Cameras_of_many_makers(string file, string make, string model, string capturedAt, double exposure, double fNumber, int? iso, double focalLength)
    {
        var said = Read(file);
        said.CameraMake.ShouldBe(make);
        said.CameraModel.ShouldBe(model);
        said.CapturedAt!.Value.ToString("s").ShouldBe(capturedAt);
        said.ExposureSeconds!.Value.ShouldBe(exposure, 1e-9);
        said.FNumber.ShouldBe(fNumber);
        said.Iso.ShouldBe(iso);
        said.FocalLengthMillimetres.ShouldBe(focalLength);
    }

    [Theory]
    [InlineData("canon_hdr_YES.jpg", 6)]
    [InlineData("landscape_3.jpg", 3)]
    [InlineData("portrait_8.jpg", 8)]
    public void The_orientation_that_silver_no_longer_needs(string file, int orientation) => Read(file).Orientation.ShouldBe(orientation);

    [Theory]
    [InlineData("BlueSquare.jpg", "sRGB IEC61966-2.1")]
    [InlineData("landscape_2.jpg", "Generic RGB Profile")]
    [InlineData("BSG1.tiff", "Color LCD")]
    public void The_colour_profiles_name(string file, string name) => Read(file).ProfileName.ShouldBe(name);

    [Theory]
    [InlineData("DSCN0010.jpg", 43.4674483, 11.8851267, null)]
    [InlineData("Kodak_CX7530.jpg", -0.3713, 36.0564167, null)]
    [InlineData("IMG_5195.HEIC", 39.0513444, -94.2887722, 260.5606383)]
    public void The_position_only_when_it_is_asked_for(string file, double latitude, double longitude, double? altitude)
    {
        Read(file).Position.ShouldBeNull();
        var place = Read(file, withGps: true).Position.ShouldNotBeNull();
        place.Latitude.ShouldBe(latitude, 1e-7);
        place.Longitude.ShouldBe(longitude, 1e-7);
        (place.AltitudeMetres is { } metres ? Math.Round(metres, 7) : (double?)null).ShouldBe(altitude);
    }

    [Fact]
    public void No_file_of_any_folder_makes_it_throw_and_none_takes_long()
    {
        var options = new EnrichOptions { KeepGps = true };
        foreach (var folder in new[] { "cameras", "formats-libvips", "formats-pillow", "hostile", "orientation" })
        {
            foreach (var file in Directory.EnumerateFiles(SharedFolder.Require("images", folder), "*", SearchOption.AllDirectories))
            {
                var before = Environment.TickCount64;
                Should.NotThrow(() => Sample.Read(File.ReadAllBytes(file), options), file).Notes.Count.ShouldBeLessThan(4);
                (Environment.TickCount64 - before).ShouldBeLessThan(5000, file);
            }
        }
    }
}
