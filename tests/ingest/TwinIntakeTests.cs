using Assay.Ingest;
using Assay.Platform.Catalog.Facts;
using Shouldly;
using Xunit;

namespace Assay.Tests.Ingest;

public sealed class TwinIntakeTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 31 / 7))];

    [Fact]
    public async Task The_same_bytes_under_another_key_are_an_image_of_their_own_that_names_the_first_one()
    {
        await using var ingest = await IngestHost.StartAsync();
        await TakeInAsync(ingest, "z-first.jpg", 1);
        await TakeInAsync(ingest, "second.jpg", 2);
        await TakeInAsync(ingest, "a-third.jpg", 3);
        var images = (await ingest.ImagesAsync(announced: 3)).ToDictionary(image => image.RawPath);

        images.Values.Select(image => image.BronzeKey).Distinct().Count().ShouldBe(3);
        images["z-first.jpg"].TwinOf.ShouldBeNull();
        images["second.jpg"].TwinOf.ShouldBe(images["z-first.jpg"].Id);
        images["a-third.jpg"].TwinOf.ShouldBe(images["z-first.jpg"].Id);
        foreach (var image in images.Values)
            ingest.Announced.Single(announced => announced.ImageId == image.Id).TwinOf.ShouldBe(image.TwinOf);
    }

    [Fact]
    public async Task A_file_written_again_unchanged_is_a_twin_of_what_it_was()
    {
        await using var ingest = await IngestHost.StartAsync();
        var first = await TakeAsync(ingest, Occurrence("x.jpg", "v1"));
        var second = await TakeAsync(ingest, Occurrence("x.jpg", "v2"));
        (second.Id == first.Id, second.TwinOf).ShouldBe((false, first.Id));
    }

    [Fact]
    public async Task Hearing_of_an_image_again_does_not_make_it_its_own_twin()
    {
        await using var ingest = await IngestHost.StartAsync();
        await ingest.DropAsync("a.jpg", Bytes);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ingest.HintAsync("a.jpg")));
        (await ingest.ImagesAsync(announced: 10)).ShouldHaveSingleItem().TwinOf.ShouldBeNull();
        ingest.Announced.ShouldAllBe(announced => announced.TwinOf == null);
    }

    [Fact]
    public async Task One_other_byte_makes_another_content()
    {
        await using var ingest = await IngestHost.StartAsync();
        await TakeAsync(ingest, Occurrence("x.jpg", "v1"));
        (await TakeAsync(ingest, Occurrence("y.jpg", "v1"), [.. Bytes[..^1], 1])).TwinOf.ShouldBeNull();
    }

    private static async Task TakeInAsync(IngestHost ingest, string key, int announced)
    {
        await ingest.DropAsync(key, Bytes);
        await ingest.HintAsync(key);
        await ingest.ImagesAsync(announced);
    }

    private static Occurrence Occurrence(string path, string version) => new("landing", path, version, DateTime.UnixEpoch, Bytes.Length, path, null, DateTime.UnixEpoch);

    private static async Task<ImageFact> TakeAsync(IngestHost ingest, Occurrence occurrence, byte[]? bytes = null) =>
        (await ingest.WithIntakeAsync(intake => intake.TakeAsync(occurrence, (write, token) => write(new MemoryStream(bytes ?? Bytes), token), CancellationToken.None))).Image;
}
