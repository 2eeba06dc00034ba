using Assay.Platform.Catalog;
using Assay.Platform.Objects;
using CsCheck;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform;

public sealed class LayerTests
{
    private static readonly Guid Id = ImageIdentity.Of("landing", "a.jpg", "1", new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc));

    [Fact]
    public void Every_key_derives_from_the_id()
    {
        Layer.BronzeKey(Id, "Holiday.JPG").ShouldBe($"2026/03/04/{Id}.jpg");
        Layer.SilverKey(Id, "1-512-q85-ffffff").ShouldBe($"1-512-q85-ffffff/2026/03/04/{Id}.jpg");
        Layer.GoldKey(Id).ShouldBe($"2026/03/04/{Id}.jpg");
        Layer.SidecarKey(Id).ShouldBe($"2026/03/04/{Id}.json");
        Layer.QuarantineKey(Id, "preprocess", "corrupt", "Holiday.JPG").ShouldBe($"preprocess/corrupt/{Id}.jpg");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("no extension", "")]
    [InlineData("ends in a dot.", "")]
    [InlineData("photo.jpeg", ".jpeg")]
    [InlineData("archive.tar.gz", ".gz")]
    [InlineData("photo.jpg/../../../etc/passwd", "")]
    [InlineData("photo.jpg\\..\\boot", "")]
    [InlineData("photo./jpg", "")]
    [InlineData("photo.j pg", "")]
    [InlineData("photo.jpg\0", "")]
    [InlineData("photo.jpg\r\nX-Header: 1", "")]
    [InlineData("photo.%2e%2e", "")]
    [InlineData("photo.жпг", "")]
    [InlineData("photo.toolong", "")]
    [InlineData("CON.JPG", ".jpg")]
    [InlineData("..", "")]
    public void Of_a_raw_name_only_a_short_plain_extension_gets_into_a_key(string rawName, string extension)
    {
        Layer.BronzeKey(Id, rawName).ShouldBe($"2026/03/04/{Id}{extension}");
        Layer.QuarantineKey(Id, "enrich", "low-quality", rawName).ShouldBe($"enrich/low-quality/{Id}{extension}");
    }

    [Fact]
    public void Whatever_the_raw_name_the_key_is_safe_in_every_store() =>
        Gen.Select(Gen.String, Gen.String).Sample((name, extension) => Layer.BronzeKey(Id, $"{name}.{extension}")
            .ShouldMatch(@"\A\d{4}/\d\d/\d\d/[0-9a-f-]{36}(\.[a-z0-9]{1,5})?\z"));

    [Fact]
    public void Buckets_are_the_layers_names_behind_the_operators_prefix()
    {
        Layer.All.ShouldBe(["bronze", "silver", "gold", "quarantine"]);
        new ObjectsOptions().BucketOf(Layer.Gold).ShouldBe("gold");
        new ObjectsOptions { BucketPrefix = "assay-" }.BucketOf(Layer.Gold).ShouldBe("assay-gold");
    }
}
