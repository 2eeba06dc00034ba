using Assay.Contracts;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Tests.Classify;
using Assay.Tests.Platform;
using Microsoft.EntityFrameworkCore;
using NetVips;
using Shouldly;
using Xunit;

namespace Assay.Tests.Enrich;

/// <summary>The rule in the running stage: what it compares with is in the catalog.</summary>
public sealed class NearDuplicateRuleTests
{
    private const string Rule = "near-duplicate";

    [Fact]
    public async Task A_smaller_copy_warns_and_another_picture_does_not()
    {
        await using var twins = await TwinHost.StartAsync();
        var samples = Path.Combine(Repository.Root, "samples");
        var first = await twins.TakeInAsync("photo.jpg", File.ReadAllBytes(Path.Combine(samples, "landscape-synthetic.jpg")));
        using var photo = Image.NewFromFile(Path.Combine(samples, "landscape-synthetic.jpg"));
        using var half = photo.Resize(0.5);
        var copy = await twins.TakeInAsync("half.jpg", half.JpegsaveBuffer(q: 60));
        var other = await twins.TakeInAsync("other.jpg", File.ReadAllBytes(Path.Combine(samples, "drawing-cartoon.png")));

        (await CheckAsync(twins, first)).ShouldBe((64, 6, "pass"), "nobody else was there");
        var (distance, threshold, verdict) = await CheckAsync(twins, copy);
        (distance < 6, threshold, verdict).ShouldBe((true, 6, "warn"));
        (await CheckAsync(twins, other)).ShouldBe((64, 6, "pass"));
        new[] { first, copy, other }.ShouldAllBe(image => image.Status == ImageStatus.Classified);
    }

    [Fact]
    public async Task The_verdict_stands_in_the_catalog_and_not_in_gold()
    {
        await using var twins = await TwinHost.StartAsync();
        var bytes = Picture.Detailed(300, 200).Jpeg();
        await twins.TakeInAsync("one.jpg", bytes);
        var second = await twins.TakeInAsync("two.jpg", bytes);

        (await CheckAsync(twins, second)).ShouldBe((0, 6, "warn"));
        (await twins.SidecarAsync(second)).Quality.Verdicts.ShouldNotContain(verdict => verdict.Rule == Rule);
        (await twins.SidecarAsync(second)).Quality.Verdicts.Count.ShouldBe(9);
    }

    [Fact]
    public async Task When_the_operator_makes_it_blocking_the_copy_is_rejected_and_the_first_stays()
    {
        await using var twins = await TwinHost.StartAsync(settings: ("Enrich:BlockingRules:0", Rule));
        var bytes = Picture.Detailed(300, 200).Jpeg();
        var first = await twins.TakeInAsync("one.jpg", bytes);
        var second = await twins.TakeInAsync("two.jpg", bytes);

        (first.Status, second.Status, second.Reason).ShouldBe((ImageStatus.Classified, ImageStatus.Rejected, RejectionReason.LowQuality));
        second.Detail.ShouldBe("Blocking quality rules warn: near-duplicate (0, threshold 6).");
    }

    private static async Task<(double, double, string)> CheckAsync(TwinHost twins, ImageStatus image)
    {
        QualityFact check = await twins.WithCatalogAsync(catalog => catalog.QualityChecks.SingleAsync(fact => fact.ImageId == image.ImageId && fact.Rule == Rule));
        return (check.Value, check.Threshold, check.Verdict);
    }
}
