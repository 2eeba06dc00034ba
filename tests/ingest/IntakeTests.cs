using System.Security.Cryptography;
using Assay.Ingest;
using Assay.Platform.Objects;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Assay.Tests.Ingest;

public sealed class IntakeTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 31 / 7))];

    [Fact]
    public async Task Bronze_has_the_original_byte_for_byte_and_the_catalog_its_checksum()
    {
        await using var ingest = await IngestHost.StartAsync();
        await ingest.DropAsync("in/Some name.JPG", Bytes);
        await ingest.HintAsync("in/Some name.JPG");
        var image = (await ingest.ImagesAsync(announced: 1)).ShouldHaveSingleItem();

        image.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Bytes)));
        image.Bytes.ShouldBe(Bytes.Length);
        image.BronzeKey.ShouldEndWith($"{image.Id}.jpg");
        (await ingest.Objects.ReadAllAsync(image.Bronze, CancellationToken.None)).ShouldBe(Bytes);
        var bronze = (await ingest.Objects.FindAsync(image.BronzeBucket, image.BronzeKey, CancellationToken.None)).ShouldNotBeNull();
        bronze.Metadata["raw-name"].ShouldBe("Some name.JPG");
        (await ingest.Objects.FindAsync("landing", "in/Some name.JPG", CancellationToken.None)).ShouldNotBeNull();
        ingest.Announced.Single().ImageId.ShouldBe(image.Id);
        ingest.Announced.Single().Bronze.ShouldBe(image.Bronze);
    }

    [Fact]
    public async Task An_object_that_is_too_large_for_bronze_is_a_failure_that_says_so_and_none_of_it_is_copied()
    {
        var folder = Directory.CreateTempSubdirectory("assay-large-");
        await using (var ingest = await IngestHost.StartAsync(("Objects:Folder", folder.FullName)))
        {
            // Without any content it takes no room on the disk.
            await using (var file = File.Create(Path.Combine(folder.FullName, "landing", "large.tif")))
                file.SetLength((5L << 30) + 1);
            await ingest.HintAsync("large.tif");
            var failure = await Eventually.GetAsync("it has failed", () => ingest.WithCatalogAsync(catalog => catalog.Failures.AsNoTracking().FirstOrDefaultAsync()));
            failure.Detail.ShouldContain("landing/large.tif has 5368709121 bytes. No original can have more than 5 GiB");
            Directory.Exists(Path.Combine(folder.FullName, ".writing")).ShouldBeFalse();
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Many_hints_at_once_make_one_image_and_each_announces_it()
    {
        await using var ingest = await IngestHost.StartAsync();
        await ingest.DropAsync("a.jpg", Bytes);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ingest.HintAsync("a.jpg")));
        var image = (await ingest.ImagesAsync(announced: 20)).ShouldHaveSingleItem();

        ingest.Announced.ShouldAllBe(announced => announced.ImageId == image.Id);
        (await ingest.Objects.ListAsync("bronze", "", CancellationToken.None).ToListAsync(TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_later_hint_does_not_write_bronze_again()
    {
        await using var ingest = await IngestHost.StartAsync();
        await ingest.DropAsync("a.jpg", Bytes);
        await ingest.HintAsync("a.jpg");
        var image = (await ingest.ImagesAsync(announced: 1)).ShouldHaveSingleItem();
        // A folder's version holds the time of the last write to the tick.
        var before = (await ingest.Objects.FindAsync("bronze", image.BronzeKey, CancellationToken.None)).ShouldNotBeNull().Version;
        await ingest.HintAsync("a.jpg");
        (await ingest.ImagesAsync(announced: 2)).ShouldHaveSingleItem();

        (await ingest.Objects.FindAsync("bronze", image.BronzeKey, CancellationToken.None)).ShouldNotBeNull().Version.ShouldBe(before);
    }

    [Fact]
    public async Task What_is_known_is_not_even_opened()
    {
        await using var ingest = await IngestHost.StartAsync();
        var occurrence = new Occurrence("landing", "x/y.png", "v1", DateTime.UnixEpoch, Bytes.Length, "y.png", "u", DateTime.UnixEpoch);
        var first = await ingest.WithIntakeAsync(intake => intake.TakeAsync(occurrence, (write, token) => write(new MemoryStream(Bytes), token), CancellationToken.None));
        var second = await ingest.WithIntakeAsync(intake => intake.TakeAsync(
            occurrence with { LastModified = DateTime.UnixEpoch.AddDays(1) }, (_, _) => throw new InvalidOperationException("opened"), CancellationToken.None));

        (first.IsNew, second.IsNew).ShouldBe((true, false));
        second.Image.Id.ShouldBe(first.Image.Id);
    }

    [Fact]
    public async Task A_transfer_that_breaks_off_leaves_no_fact_and_the_next_one_succeeds()
    {
        await using var ingest = await IngestHost.StartAsync();
        var occurrence = new Occurrence("landing", "x", "v1", DateTime.UnixEpoch, Bytes.Length, "x", null, DateTime.UnixEpoch);
        await Should.ThrowAsync<EndOfStreamException>(() => ingest.WithIntakeAsync(intake => intake.TakeAsync(
            occurrence, (write, token) => write(new MemoryStream(Bytes[..1000]), token), CancellationToken.None)));
        (await ingest.ImagesAsync(announced: 0)).ShouldBeEmpty();
        var (image, isNew) = await ingest.WithIntakeAsync(intake => intake.TakeAsync(occurrence, (write, token) => write(new MemoryStream(Bytes), token), CancellationToken.None));

        isNew.ShouldBeTrue();
        (await ingest.Objects.ReadAllAsync(image.Bronze, CancellationToken.None)).ShouldBe(Bytes);
    }

    [Fact]
    public async Task A_key_that_cannot_be_asked_for_is_an_error_in_the_log_and_nothing_else()
    {
        await using var ingest = await IngestHost.StartAsync();
        await ingest.HintAsync("/gold/x.jpg");
        await ingest.DropAsync("here.jpg", Bytes);
        await ingest.HintAsync("here.jpg");
        (await ingest.ImagesAsync(announced: 1)).ShouldHaveSingleItem().RawPath.ShouldBe("here.jpg");
        ingest.Errors.Messages.ShouldHaveSingleItem().ShouldStartWith("landing: landing//gold/x.jpg cannot be read");
    }

    [Fact]
    public async Task A_hint_about_something_that_is_gone_does_no_harm()
    {
        await using var ingest = await IngestHost.StartAsync();
        await ingest.HintAsync("gone.jpg");
        await ingest.DropAsync("here.jpg", Bytes);
        await ingest.HintAsync("here.jpg");
        (await ingest.ImagesAsync(announced: 1)).ShouldHaveSingleItem().RawPath.ShouldBe("here.jpg");
    }
}
