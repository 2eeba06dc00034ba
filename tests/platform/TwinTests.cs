using Assay.Contracts;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Objects;
using Assay.Tests.Classify;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform;

/// <summary>The same bytes twice: two images, one piece of work. What is not read cannot be decoded: the tests look at what the stages read.</summary>
public sealed class TwinTests
{
    private static readonly byte[] Photo = Picture.Detailed(900, 600).Jpeg();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_second_occurrence_costs_no_decode_and_no_inference_and_has_all_that_the_first_has(bool onServers)
    {
        await using var twins = await TwinHost.StartAsync(onServers);
        var first = await twins.TakeInAsync("a/first.jpg", Photo);
        twins.Read.ShouldContain($"{first.BronzeBucket}/{first.BronzeKey}");
        twins.Read.Clear();
        var second = await twins.TakeInAsync("b/second.jpg", Photo);

        twins.Read.Where(path => !path.EndsWith("landing/b/second.jpg", StringComparison.Ordinal) && !path.EndsWith(".json", StringComparison.Ordinal)).ShouldBeEmpty();
        second.ImageId.ShouldNotBe(first.ImageId);
        (second.Status, second.Label, second.Confidence, second.Accepted).ShouldBe((first.Status, first.Label, first.Confidence, first.Accepted));
        (second.MediaType, second.RawWidth, second.RawHeight, second.Width, second.Height).ShouldBe(("image/jpeg", 900, 600, first.Width, first.Height));
        await ShouldHaveObjectsOfItsOwnAsync(twins, first, second);
        await ShouldHaveASidecarOfItsOwnAsync(twins, first, second);
        (await FactsAsync(twins, first)).ShouldBe(new Facts(null, null, null, null));
        (await FactsAsync(twins, second)).ShouldBe(new Facts(first.ImageId, first.ImageId, first.ImageId, first.ImageId));
        var (one, other) = (await PredictionAsync(twins, first), await PredictionAsync(twins, second));
        other.Scores.ShouldBe(one.Scores);
        (one.DurationMs > 0, other.DurationMs).ShouldBe((true, 0));

        var lineage = await twins.WithCatalogAsync(catalog => catalog.Lineage.Where(step => step.ImageId == second.ImageId).OrderBy(step => step.Step).ToListAsync());
        lineage.Select(step => step.Stage).ShouldBe(["ingest", "preprocess", "enrich", "classify"]);
        lineage.ShouldAllBe(step => step.TwinOf == first.ImageId && step.RawPath == "b/second.jpg");
        var ledger = await twins.WithCatalogAsync(catalog => catalog.Ledger.ToListAsync());
        (ledger.Sum(line => line.Seen), ledger.Sum(line => line.Classified)).ShouldBe((2, 2));
    }

    [Fact]
    public async Task A_third_occurrence_names_the_first()
    {
        await using var twins = await TwinHost.StartAsync();
        var first = await twins.TakeInAsync("1.jpg", Photo);
        await twins.TakeInAsync("2.jpg", Photo);
        (await FactsAsync(twins, await twins.TakeInAsync("3.jpg", Photo))).ShouldBe(new Facts(first.ImageId, first.ImageId, first.ImageId, first.ImageId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_at_the_same_moment_all_end_alike_whoever_did_the_work(bool onServers)
    {
        await using var twins = await TwinHost.StartAsync(onServers);
        var images = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => twins.TakeInAsync($"{i}.jpg", Photo)));

        images.Select(image => (image.Status, image.Label, image.Confidence, image.Width)).Distinct().ShouldHaveSingleItem().Status.ShouldBe(ImageStatus.Classified);
        var facts = await twins.WithCatalogAsync(catalog => catalog.Cleansed.AsNoTracking().ToListAsync());
        facts.Select(fact => (fact.Sha256, fact.PixelSha256)).Distinct().ShouldHaveSingleItem();
        facts.Select(fact => fact.SilverKey).Distinct().Count().ShouldBe(20);
        foreach (var fact in facts)
            (await twins.Objects.ReadAllAsync(fact.Silver, CancellationToken.None)).Length.ShouldBe((int)fact.Bytes);
    }

    [Fact]
    public async Task Other_bytes_have_no_twin()
    {
        await using var twins = await TwinHost.StartAsync();
        await twins.TakeInAsync("1.jpg", Photo);
        (await FactsAsync(twins, await twins.TakeInAsync("2.jpg", Picture.Detailed(900, 601).Jpeg()))).ShouldBe(new Facts(null, null, null, null));
    }

    [Fact]
    public async Task What_was_accepted_once_is_taken_over_under_a_limit_that_would_refuse_it_now_and_only_that()
    {
        await using var twins = await TwinHost.StartAsync();
        await twins.TakeInAsync("first.jpg", Photo);
        await twins.RestartAsync(("Preprocess:MaxBytes", "1000"));
        (await twins.TakeInAsync("second.jpg", Photo)).Status.ShouldBe(ImageStatus.Classified);
        (await twins.TakeInAsync("other.jpg", Picture.Detailed(901, 600).Jpeg())).Reason.ShouldBe(RejectionReason.TooManyBytes);
    }

    [Fact]
    public async Task A_rejection_is_not_taken_over()
    {
        await using var twins = await TwinHost.StartAsync(settings: ("Preprocess:MaxBytes", "1000"));
        var first = await twins.TakeInAsync("first.jpg", Photo);
        first.Status.ShouldBe(ImageStatus.Rejected);
        await twins.RestartAsync();
        var second = await twins.TakeInAsync("second.jpg", Photo);

        second.Status.ShouldBe(ImageStatus.Classified);
        (await FactsAsync(twins, second)).ShouldBe(new Facts(first.ImageId, null, null, null));
    }

    [Fact]
    public async Task Another_recipe_is_other_work()
    {
        await using var twins = await TwinHost.StartAsync();
        var first = await twins.TakeInAsync("first.jpg", Photo);
        await twins.RestartAsync(("Preprocess:MaxSide", "256"));
        var second = await twins.TakeInAsync("second.jpg", Photo);

        second.Width.ShouldBe(256);
        (await FactsAsync(twins, second)).ShouldBe(new Facts(first.ImageId, null, null, null));
    }

    [Fact]
    public async Task Objects_that_are_gone_or_unreadable_are_made_again()
    {
        await using var twins = await TwinHost.StartAsync();
        var first = await twins.TakeInAsync("first.jpg", Photo);
        await twins.OverwriteAsync(first.GoldBucket!, first.SidecarKey!, "{"u8.ToArray());
        // A fact whose object never was, as after an operator's clean-up.
        await twins.WithCatalogAsync(catalog => catalog.Cleansed.Where(fact => fact.ImageId == first.ImageId)
            .ExecuteUpdateAsync(fact => fact.SetProperty(x => x.SilverKey, "gone.jpg")));
        var second = await twins.TakeInAsync("second.jpg", Photo);

        second.Status.ShouldBe(ImageStatus.Classified);
        (await FactsAsync(twins, second)).ShouldBe(new Facts(first.ImageId, null, null, first.ImageId));
        (await twins.SidecarAsync(second)).Quality.Measurements.Sharpness.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_sidecar_that_another_enricher_wrote_over_is_not_taken_over()
    {
        await using var twins = await TwinHost.StartAsync();
        var first = await twins.TakeInAsync("first.jpg", Photo);
        await twins.OverwriteAsync(first.GoldBucket!, first.SidecarKey!, ((await twins.SidecarAsync(first)) with { Enricher = "0" }).ToJson());
        (await FactsAsync(twins, await twins.TakeInAsync("second.jpg", Photo))).Enriched.ShouldBeNull();
    }

    [Fact]
    public async Task The_rules_are_asked_anew_for_another_name_and_other_thresholds()
    {
        await using var twins = await TwinHost.StartAsync();
        var first = await twins.TakeInAsync("first.jpg", Photo);
        await twins.RestartAsync(("Enrich:MinShorterSide", "1000"));
        var second = await twins.TakeInAsync("second.png", Photo);

        (await FactsAsync(twins, second)).Enriched.ShouldBe(first.ImageId);
        (await WarningsAsync(twins, first)).ShouldNotContain("type-mismatch");
        (await WarningsAsync(twins, second)).ShouldBe((await WarningsAsync(twins, first)).Union(["type-mismatch", "too-small", "near-duplicate"]), ignoreOrder: true);
    }

    private static async Task ShouldHaveObjectsOfItsOwnAsync(TwinHost twins, ImageStatus first, ImageStatus second)
    {
        foreach (var (bucket, key, other) in new[]
        {
            (first.BronzeBucket, first.BronzeKey, second.BronzeKey), (first.SilverBucket, first.SilverKey, second.SilverKey), (first.GoldBucket, first.GoldKey, second.GoldKey),
        })
        {
            other.ShouldNotBe(key);
            other.ShouldNotBeNull().ShouldContain(second.ImageId.ToString());
            var bytes = await twins.Objects.ReadUpToAsync(bucket!, key!, 1 << 20, CancellationToken.None);
            (await twins.Objects.ReadUpToAsync(bucket!, other, 1 << 20, CancellationToken.None)).ShouldBe(bytes);
        }
    }

    private static async Task ShouldHaveASidecarOfItsOwnAsync(TwinHost twins, ImageStatus first, ImageStatus second)
    {
        var (one, other) = (await twins.SidecarAsync(first), await twins.SidecarAsync(second));
        (other.ImageId, other.Raw.Name, other.Raw.Path).ShouldBe((second.ImageId, "second.jpg", "b/second.jpg"));
        other.Cleansed.Path.ShouldBe($"{second.SilverBucket}/{second.SilverKey}");
        other.GoldPath.ShouldBe($"{second.GoldBucket}/{second.GoldKey}");
        other.Quality.Measurements.ShouldBe(one.Quality.Measurements);
        other.Quality.Verdicts.ShouldBe(one.Quality.Verdicts);
        (other.Metadata with { Notes = [] }).ShouldBe(one.Metadata with { Notes = [] });
        (other.Classifications.Single().Label, other.Classifications[0].Model).ShouldBe((one.Classifications.Single().Label, one.Classifications[0].Model));
    }

    private static Task<PredictionFact> PredictionAsync(TwinHost twins, ImageStatus image) =>
        twins.WithCatalogAsync(catalog => catalog.Predictions.AsNoTracking().SingleAsync(fact => fact.ImageId == image.ImageId));

    private static Task<Facts> FactsAsync(TwinHost twins, ImageStatus image) => twins.WithCatalogAsync(async catalog => new Facts(
        (await catalog.Images.SingleAsync(fact => fact.Id == image.ImageId)).TwinOf,
        (await catalog.Cleansed.SingleAsync(fact => fact.ImageId == image.ImageId)).TwinOf,
        (await catalog.Enrichments.SingleAsync(fact => fact.ImageId == image.ImageId)).TwinOf,
        (await catalog.Predictions.SingleAsync(fact => fact.ImageId == image.ImageId)).TwinOf));

    private static Task<List<string>> WarningsAsync(TwinHost twins, ImageStatus image) => twins.WithCatalogAsync(catalog =>
        catalog.QualityChecks.Where(check => check.ImageId == image.ImageId && check.Verdict == "warn").Select(check => check.Rule).ToListAsync());

    private sealed record Facts(Guid? Ingested, Guid? Cleansed, Guid? Enriched, Guid? Predicted);
}
