using Assay.Ingest;
using Assay.Platform.Objects;
using Shouldly;
using Xunit;

namespace Assay.Tests.Ingest;

/// <summary>Whose image it is, when it was uploaded and what it was called: from metadata, from the key, or from neither.</summary>
public sealed class OriginTests
{
    [Fact]
    public async Task Metadata_says_who_when_and_how_it_was_called()
    {
        await using var ingest = await IngestHost.StartAsync(("Ingest:Sources:0:KeyPattern", "users/{userId}/"));
        await ingest.DropAsync("users/key-user/0815", [1], new()
        {
            ["user-id"] = "Ünal, O'Brien & 社",
            ["uploaded-at"] = "2026-02-03T04:05:06+02:00",
            ["raw-name"] = "Ferien 🏖.jpg",
            ["batch"] = "b-1",
        });
        await ingest.HintAsync("users/key-user/0815");
        var image = (await ingest.ImagesAsync(announced: 1)).ShouldHaveSingleItem();

        image.UserId.ShouldBe("Ünal, O'Brien & 社");
        image.UploadedAt.ShouldBe(new DateTime(2026, 2, 3, 2, 5, 6, DateTimeKind.Utc));
        image.RawName.ShouldBe("Ferien 🏖.jpg");
        image.RawPath.ShouldBe("users/key-user/0815");
        image.Batch.ShouldBe("b-1");
        // The catalog keeps microseconds.
        var announced = ingest.Announced.Single().Origin;
        announced.IngestedAt.ShouldBe(image.IngestedAt, TimeSpan.FromMicroseconds(1));
        (announced with { IngestedAt = image.IngestedAt }).ShouldBe(image.Origin);
    }

    [Fact]
    public async Task Without_metadata_the_key_says_who_and_the_object_when()
    {
        await using var ingest = await IngestHost.StartAsync(("Ingest:Sources:0:KeyPattern", "*/users/{userId}/"));
        var landed = await ingest.DropAsync("eu/users/anna/2026/garden.jpg", [1], new() { ["uploaded-at"] = "yesterday" });
        await ingest.HintAsync(landed.Key);
        var image = (await ingest.ImagesAsync(announced: 1)).ShouldHaveSingleItem();

        (image.UserId, image.RawName, image.Batch).ShouldBe(("anna", "garden.jpg", null));
        image.UploadedAt.ShouldBe(landed.LastModified, TimeSpan.FromMicroseconds(1));
    }

    [Theory]
    [InlineData("Image/PNG; charset=binary", "image/png")]
    [InlineData("application/octet-stream", null)]
    [InlineData("binary/octet-stream", null)]
    [InlineData("application/x-www-form-urlencoded", null)]
    [InlineData("nonsense", null)]
    [InlineData(null, null)]
    public void A_declared_type_counts_unless_it_says_nothing(string? contentType, string? declared)
    {
        var landed = new StoredObject("landing", "a.jpg", 1, "1", DateTime.UtcNow, new Dictionary<string, string>(), contentType);
        new LandingZone(new()).Describe("landing", landed).DeclaredType.ShouldBe(declared);
    }

    [Fact]
    public async Task Blank_metadata_says_nothing()
    {
        await using var ingest = await IngestHost.StartAsync(("Ingest:Sources:0:KeyPattern", "users/{userId}/"));
        var landed = await ingest.DropAsync("users/anna/garden.jpg", [1], new() { ["user-id"] = "", ["raw-name"] = " ", ["batch"] = "" });
        await ingest.HintAsync(landed.Key);
        var image = (await ingest.ImagesAsync(announced: 1)).ShouldHaveSingleItem();
        (image.UserId, image.RawName, image.Batch).ShouldBe(("anna", "garden.jpg", null));
    }

    // Metadata travels percent-encoded, so that %00 can be in it; PostgreSQL cannot keep that, and the image would never be taken in.
    [Fact]
    public async Task A_character_that_no_catalog_can_keep_does_not_keep_an_image_out()
    {
        await using var ingest = await IngestHost.StartAsync();
        var landed = await ingest.DropAsync("a.jpg", [1], new() { ["user-id"] = "an\0na", ["raw-name"] = "x\0.jpg", ["batch"] = "\0" });
        await ingest.HintAsync(landed.Key);
        var image = (await ingest.ImagesAsync(announced: 1)).ShouldHaveSingleItem();
        (image.UserId, image.RawName, image.Batch).ShouldBe(("an\uFFFDna", "x\uFFFD.jpg", "\uFFFD"));
    }

    // What is longer than an index of the catalog or an object's metadata can hold would be tried for ever.
    [Theory]
    [InlineData("x", 1024, 384)]
    [InlineData("社", 113, 42)]
    [InlineData("🏖", 170, 64)]
    public void What_a_stranger_says_is_cut_between_characters_to_what_can_be_kept(string character, int name, int word)
    {
        var text = string.Concat(Enumerable.Repeat(character, 3500));
        var landed = new StoredObject("landing", "a.jpg", 1, "1", DateTime.UtcNow, new Dictionary<string, string> { ["raw-name"] = text, ["user-id"] = text, ["batch"] = text });
        var image = new LandingZone(new()).Describe("landing", landed);
        (image.Name.Length, image.UserId?.Length, image.Batch?.Length).ShouldBe((name, word, word));
        image.Name.EnumerateRunes().Select(rune => rune.ToString()).ShouldAllBe(rune => rune == character);
    }

    [Theory]
    [InlineData("users/{userId}/", "users/anna/x.jpg", "anna")]
    [InlineData("users/{userId}/", "users/anna", null)]
    [InlineData("users/{userId}/", "old/users/anna/x.jpg", null)]
    [InlineData("*/{userId}/in/", "a/b/in/x", "b")]
    [InlineData("*/{userId}/in/", "a/b/c/in/x", null)]
    [InlineData("u-{userId}.d/", "u-a.b.d/x", "a.b")]
    [InlineData("{userId}/", "é +%/x", "é +%")]
    public void A_pattern_finds_the_user_in_a_key(string pattern, string key, string? user) => new UserPattern(pattern).UserOf(key).ShouldBe(user);

    [Theory]
    [InlineData("a.jpg", true)]
    [InlineData("a/b..c/...jpg", true)]
    [InlineData("folder/", true)]
    [InlineData("", false)]
    [InlineData("/a.jpg", false)]
    [InlineData("a//b.jpg", true)]
    [InlineData("../gold/b.jpg", true)]
    public void A_key_that_not_every_server_can_be_asked_for_is_not_asked_for(string key, bool can) => LandingZone.CanAddress(key).ShouldBe(can);

    [Theory]
    [InlineData("users/")]
    [InlineData("{userId}/{userId}")]
    public void A_pattern_without_exactly_one_place_for_the_user_is_wrong(string pattern) =>
        Should.Throw<FormatException>(() => new UserPattern(pattern)).Message.ShouldContain(pattern);
}
