using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform.Catalog;

/// <summary>What the views say of the facts, on every catalog.</summary>
public abstract class CatalogViewSuite : CatalogSuite
{
    private const string NewRecipe = "2-512-q85-ffffff";

    [Fact]
    public async Task An_image_waits_for_the_stage_after_its_last_fact()
    {
        var (fresh, cleansed, enriched) = (Sample.Image("fresh"), Sample.Image("cleansed"), Sample.Image("enriched"));
        await AppendAsync(fresh, cleansed, enriched, Sample.Cleansed(cleansed), Sample.Cleansed(enriched), Sample.Enriched(enriched));
        (await StatusAsync(fresh)).ShouldSatisfyAllConditions(
            status => (status.Status, status.Stage, status.Ended).ShouldBe((ImageStatus.InFlight, "preprocess", false)),
            status => status.SilverKey.ShouldBeNull());
        (await StatusAsync(cleansed)).ShouldSatisfyAllConditions(
            status => (status.Status, status.Stage).ShouldBe((ImageStatus.InFlight, "enrich")),
            status => (status.RawWidth, status.Width, status.SilverKey, status.GoldKey).ShouldBe((4032, 512, $"{Sample.Recipe}/cleansed", null)));
        (await StatusAsync(enriched)).ShouldSatisfyAllConditions(
            status => (status.Status, status.Stage).ShouldBe((ImageStatus.InFlight, "classify")),
            status => status.GoldKey.ShouldBe("g/enriched"));
    }

    [Fact]
    public async Task A_prediction_or_a_rejection_ends_an_images_way()
    {
        var (labelled, refused) = (Sample.Image("labelled"), Sample.Image("refused"));
        await AppendAsync(labelled, Sample.Cleansed(labelled), Sample.Enriched(labelled), Sample.Prediction(labelled), refused, Sample.Rejection(refused));
        var classified = await StatusAsync(labelled);
        (classified.Status, classified.Stage, classified.Label, classified.Confidence, classified.Accepted, classified.Reason)
            .ShouldBe((ImageStatus.Classified, "classify", "photo", 0.875, true, null));
        var rejected = await StatusAsync(refused);
        (rejected.Status, rejected.Stage, rejected.Reason, rejected.Detail, rejected.Label)
            .ShouldBe((ImageStatus.Rejected, "preprocess", "truncated", "The image ends too early.", null));
    }

    [Fact]
    public async Task An_image_that_was_rejected_and_then_classified_is_classified()
    {
        var image = Sample.Image("a");
        await AppendAsync(image, Sample.Rejection(image), Sample.Cleansed(image, NewRecipe), Sample.Enriched(image, NewRecipe), Sample.Prediction(image, recipe: NewRecipe));
        var status = await StatusAsync(image);
        (status.Status, status.Reason, status.Detail, status.Recipe).ShouldBe((ImageStatus.Classified, null, null, NewRecipe));
    }

    [Fact]
    public async Task The_newest_answer_of_an_active_model_counts_with_the_copy_that_it_saw()
    {
        var image = Sample.Image("a");
        await AppendAsync(
            image,
            Sample.Cleansed(image), Sample.Enriched(image), Sample.Prediction(image, "photo", minute: 3),
            Sample.Cleansed(image, NewRecipe, minute: 10), Sample.Enriched(image, NewRecipe, minute: 11), Sample.Prediction(image, "drawing", recipe: NewRecipe, minute: 12),
            Sample.Prediction(image, "chart", role: "shadow", minute: 30));
        var status = await StatusAsync(image);
        (status.Label, status.Recipe, status.SilverKey).ShouldBe(("drawing", NewRecipe, $"{NewRecipe}/a"));
        await WithAsync(async catalog =>
        {
            var labels = await catalog.Database.SqlQueryRaw<string>("SELECT label AS \"Value\" FROM current_labels").ToListAsync(Token);
            labels.ShouldBe(["drawing"]);
            (await catalog.ImageStatus.CountAsync(Token)).ShouldBe(1);
        });
    }

    [Fact]
    public async Task Of_two_active_models_the_newer_answer_counts_and_of_two_at_once_always_the_same()
    {
        var (changed, tied) = (Sample.Image("changed"), Sample.Image("tied"));
        await AppendAsync(
            changed, Sample.Cleansed(changed), Sample.Enriched(changed),
            Sample.Prediction(changed, "chart", model: "new", minute: 9), Sample.Prediction(changed, "photo", model: "old", minute: 3),
            tied, Sample.Cleansed(tied), Sample.Enriched(tied),
            Sample.Prediction(tied, "screen", model: "other", id: new Guid("b0000000-0000-8000-8000-000000000000")),
            Sample.Prediction(tied, "photo", model: "one", id: new Guid("0b000000-0000-8000-8000-000000000000")));
        (await StatusAsync(changed)).ShouldSatisfyAllConditions(status => (status.Label, status.Model).ShouldBe(("chart", "new")));
        (await StatusAsync(tied)).ShouldSatisfyAllConditions(status => (status.Label, status.Model).ShouldBe(("photo", "one")));
    }

    [Fact]
    public async Task What_is_believed_follows_the_active_version_and_a_persons_word_and_is_known_for_every_moment()
    {
        var image = Sample.Image("a");
        await AppendAsync(
            image, Sample.Cleansed(image), Sample.Enriched(image), Sample.Model(), Sample.Model("2.0.0"), Sample.Transition(1, "registered", minute: 1), Sample.Transition(2, minute: 2),
            Sample.Prediction(image, "photo", minute: 3),
            Sample.Transition(3, "registered", "2.0.0", minute: 4), Sample.Transition(4, "retired", minute: 5), Sample.Transition(5, "active", "2.0.0", minute: 5),
            Sample.Prediction(image, "chart", minute: 6, version: "2.0.0"),
            // Back to the first version, whose answer is the older one.
            Sample.Transition(6, "retired", "2.0.0", minute: 8), Sample.Transition(7, minute: 8),
            Sample.Verdict(image, "diagram", minute: 10), Sample.Verdict(image, "drawing", minute: 12));

        (int Minute, string? Label, string? Reviewer)[] moments =
            [(2, null, null), (4, "photo", null), (5, "photo", null), (7, "chart", null), (9, "photo", null), (11, "diagram", "somebody"), (60, "drawing", "somebody")];
        foreach (var (minute, label, reviewer) in moments)
        {
            var then = await WithAsync(catalog => catalog.LabelsAsOf(Sample.Noon.AddMinutes(minute)).SingleOrDefaultAsync(Token));
            (then?.Label, then?.Reviewer).ShouldBe((label, reviewer), $"after {minute} minutes");
        }
        var now = await WithAsync(catalog => catalog.CurrentLabels.SingleAsync(Token));
        (now.Label, now.Reviewer, now.ModelVersion, now.DecidedAt).ShouldBe(("drawing", "somebody", "1.0.0", Sample.Noon.AddMinutes(12)));
        (await StatusAsync(image)).ShouldSatisfyAllConditions(status => (status.Label, status.ModelVersion).ShouldBe(("photo", "1.0.0")));
    }

    [Fact]
    public async Task What_is_doubtful_or_contradicted_waits_for_a_person_until_one_has_decided()
    {
        var (sure, doubtful, contradicted, decided) = (Sample.Image("sure"), Sample.Image("doubtful"), Sample.Image("contradicted"), Sample.Image("decided"));
        await AppendAsync(
            Sample.Model(), Sample.Model("2.0.0"), Sample.Transition(1), Sample.Transition(2, "shadow", "2.0.0"),
            Sample.Prediction(sure), Sample.Prediction(sure, role: "shadow", version: "2.0.0"),
            Sample.Prediction(doubtful, doubts: "low-confidence,small-margin"), Sample.Prediction(doubtful, "chart", "shadow", version: "2.0.0"),
            Sample.Prediction(contradicted), Sample.Prediction(contradicted, "chart", "shadow", version: "2.0.0"),
            Sample.Prediction(decided, doubts: "low-confidence"), Sample.Verdict(decided));
        var waiting = await WaitingAsync();
        waiting.Keys.ShouldBe([doubtful.Id, contradicted.Id], ignoreOrder: true);
        waiting[doubtful.Id].ShouldSatisfyAllConditions(
            one => (one.Reasons, one.OtherLabel, one.OtherVersion).ShouldBe(("low-confidence,small-margin,disagreement", "chart", "2.0.0")),
            one => (one.Label, one.Confidence, one.Margin, one.Energy).ShouldBe(("photo", 0.875, 0.75, -3.25)));
        waiting[contradicted.Id].Reasons.ShouldBe("disagreement");

        // Who no longer watches no longer contradicts.
        await AppendAsync(Sample.Transition(3, "retired", "2.0.0"));
        (await WaitingAsync()).ShouldHaveSingleItem().Value.ShouldSatisfyAllConditions(
            one => (one.ImageId, one.Reasons, one.OtherLabel).ShouldBe((doubtful.Id, "low-confidence,small-margin", null)));

        Task<Dictionary<Guid, DoubtfulLabel>> WaitingAsync() => WithAsync(catalog => catalog.NeedsReview.AsNoTracking().ToDictionaryAsync(one => one.ImageId, Token));
    }

    [Fact]
    public async Task An_answer_of_a_shadow_model_ends_nothing()
    {
        var image = Sample.Image("a");
        await AppendAsync(image, Sample.Cleansed(image), Sample.Enriched(image), Sample.Prediction(image, role: "shadow"));
        (await StatusAsync(image)).ShouldSatisfyAllConditions(status => (status.Status, status.Stage, status.Label).ShouldBe((ImageStatus.InFlight, "classify", null)));
        (await WithAsync(catalog => catalog.Ledger.SingleAsync(Token))).ShouldSatisfyAllConditions(line => (line.Classified, line.InFlight).ShouldBe((0, 1)));
    }

    [Fact]
    public async Task An_image_that_was_classified_stays_so_whatever_happens_to_it_again()
    {
        var (again, refused) = (Sample.Image("again"), Sample.Image("refused"));
        foreach (var image in new[] { again, refused })
            await AppendAsync(image, Sample.Cleansed(image), Sample.Enriched(image), Sample.Prediction(image));
        await AppendAsync(Sample.Cleansed(again, NewRecipe, minute: 60), Sample.Rejection(refused, "enrich", minute: 60));
        (await StatusAsync(again)).ShouldSatisfyAllConditions(
            status => (status.Status, status.Recipe, status.SilverKey, status.GoldKey).ShouldBe((ImageStatus.Classified, Sample.Recipe, $"{Sample.Recipe}/again", "g/again")));
        (await StatusAsync(refused)).ShouldSatisfyAllConditions(status => (status.Status, status.Reason).ShouldBe((ImageStatus.Classified, null)));
    }

    [Fact]
    public async Task Of_two_rejections_the_newer_one_is_shown_and_the_image_is_one()
    {
        var image = Sample.Image("a");
        await AppendAsync(image, Sample.Rejection(image, "preprocess", "truncated", minute: 9), Sample.Rejection(image, "classify", "corrupt", minute: 5));
        (await StatusAsync(image)).ShouldSatisfyAllConditions(status => (status.Stage, status.Reason).ShouldBe(("preprocess", "truncated")));
        (await WithAsync(catalog => catalog.Ledger.SingleAsync(Token))).ShouldSatisfyAllConditions(line => (line.Seen, line.Rejected).ShouldBe((1, 1)));
    }

    [Fact]
    public async Task Facts_without_their_image_are_a_difference_in_the_ledger_until_it_is_there()
    {
        var (image, refused, started, watched) = (Sample.Image("a"), Sample.Image("b"), Sample.Image("c"), Sample.Image("d"));
        await AppendAsync(
            Sample.Prediction(image), Sample.Enriched(image), Sample.Cleansed(image), Sample.Rejection(refused), Sample.Cleansed(started),
            Sample.Prediction(watched, role: "shadow"));
        await WithAsync(async catalog =>
        {
            (await catalog.ImageStatus.CountAsync(Token)).ShouldBe(0);
            (await catalog.Ledger.SingleAsync(Token)).ShouldSatisfyAllConditions(
                line => (line.Source, line.Day, line.Seen, line.Difference).ShouldBe((LedgerLine.Unknown, "2026-03-14", 0, -4)),
                line => (line.Classified, line.Rejected, line.InFlight, line.InEnrich, line.InClassify).ShouldBe((1, 1, 2, 1, 1)));
            (await catalog.LedgerRejections.CountAsync(Token)).ShouldBe(0);
        });
        await AppendAsync(image, refused, started, watched);
        (await StatusAsync(image)).Status.ShouldBe(ImageStatus.Classified);
        (await WithAsync(catalog => catalog.Ledger.SingleAsync(Token))).ShouldSatisfyAllConditions(
            line => (line.Source, line.Seen, line.Difference).ShouldBe(("landing", 4, 0)));
    }

    [Fact]
    public async Task The_ledger_balances_for_every_source_and_day()
    {
        var midnight = new DateTime(2026, 3, 15, 0, 0, 0, DateTimeKind.Utc);
        var (late, early) = (midnight.AddMilliseconds(-1), midnight);
        ImageFact[] images =
        [
            Sample.Image("1", late), Sample.Image("2", early), Sample.Image("3", early), Sample.Image("4", early), Sample.Image("5", early, source: "other"),
        ];
        await AppendAsync(images);
        await AppendAsync(Sample.Prediction(images[1]), Sample.Rejection(images[2]), Sample.Rejection(images[2], "enrich"), Sample.Prediction(images[4]));

        var ledger = await WithAsync(catalog => catalog.Ledger.OrderBy(line => line.Source).ThenBy(line => line.Day).ToListAsync(Token));

        ledger.Select(line => (line.Source, line.Day, line.Seen, line.Classified, line.Rejected, line.InFlight)).ShouldBe(
        [
            ("landing", "2026-03-14", 1, 0, 0, 1),
            ("landing", "2026-03-15", 3, 1, 1, 1),
            ("other", "2026-03-15", 1, 1, 0, 0),
        ]);
    }

    [Fact]
    public async Task The_ledger_says_which_stage_images_wait_for_and_since_when()
    {
        var times = Enumerable.Range(0, 6).Select(minute => Sample.Noon.AddMinutes(minute)).ToArray();
        var images = times.Select((time, i) => Sample.Image($"{i}", time)).ToArray();
        await AppendAsync([.. images, Sample.Prediction(images[0]), Sample.Cleansed(images[2]), Sample.Cleansed(images[3]), Sample.Enriched(images[3]), Sample.Rejection(images[5])]);
        (await WithAsync(catalog => catalog.Ledger.SingleAsync(Token))).ShouldSatisfyAllConditions(
            line => (line.Seen, line.Classified, line.Rejected, line.InFlight, line.Difference).ShouldBe((6, 1, 1, 4, 0)),
            line => (line.InPreprocess, line.InEnrich, line.InClassify).ShouldBe((2, 1, 1)),
            line => line.OldestInFlight.ShouldBe(times[1]),
            line => line.OldestInFlight!.Value.Kind.ShouldBe(DateTimeKind.Utc));
        await AppendAsync([.. images[1..5].Select(image => Sample.Prediction(image))]);
        (await WithAsync(catalog => catalog.Ledger.SingleAsync(Token))).OldestInFlight.ShouldBeNull();
    }

    [Fact]
    public async Task The_ledger_says_why_images_were_rejected_each_once()
    {
        var images = Enumerable.Range(0, 5).Select(i => Sample.Image($"{i}", source: i < 4 ? "landing" : "other")).ToArray();
        await AppendAsync(images);
        await AppendAsync(
            Sample.Rejection(images[0]), Sample.Rejection(images[1], reason: "corrupt"),
            Sample.Rejection(images[2], reason: "corrupt", minute: 9), Sample.Rejection(images[2], "enrich", "low-quality", minute: 5),
            Sample.Rejection(images[3]), Sample.Prediction(images[3]), Sample.Rejection(images[4]));
        var reasons = await WithAsync(catalog => catalog.LedgerRejections.OrderBy(line => line.Source).ThenBy(line => line.Reason).ToListAsync(Token));
        reasons.Select(line => (line.Source, line.Day, line.Reason, line.Count)).ShouldBe(
        [
            ("landing", "2026-03-14", "corrupt", 2), ("landing", "2026-03-14", "truncated", 1), ("other", "2026-03-14", "truncated", 1),
        ]);
        (await WithAsync(catalog => catalog.Ledger.SumAsync(line => line.Rejected, Token))).ShouldBe(4);
    }

    [Fact]
    public async Task The_ledger_is_measured_again_and_again_and_not_at_all_while_it_cannot_be_read()
    {
        var clock = TimeProvider.System;
        var (image, stray, refused) = (Sample.Image("a", clock.GetCatalogTime().AddHours(-1)), Sample.Image("b"), Sample.Image("c"));
        await AppendAsync(image, Sample.Cleansed(image), Sample.Prediction(stray), refused, Sample.Rejection(refused));
        using var gauges = new Gauges();
        using var metrics = new LedgerMetrics(Scopes, gauges.Factory, clock, NullLogger<LedgerMetrics>.Instance, TimeSpan.FromMilliseconds(20));
        gauges.Read().ShouldBeEmpty();

        await metrics.StartAsync(Token);
        var first = await Eventually.GetAsync("there are values", () => Task.FromResult(gauges.Read() is { Count: 12 } read ? read : null));
        first.Where(value => value.Key != "assay.ledger.oldest_in_flight").Select(value => (value.Key, value.Value)).ShouldBe(
        [
            ("assay.ledger.difference", -1), ("assay.ledger.in_flight/classify", 0), ("assay.ledger.in_flight/enrich", 1), ("assay.ledger.in_flight/preprocess", 0),
            ("assay.ledger.images/landing/seen", 2), ("assay.ledger.images/landing/classified", 0), ("assay.ledger.images/landing/rejected/truncated", 1), ("assay.ledger.images/landing/in-flight", 1),
            ("assay.ledger.images/(unknown)/seen", 0), ("assay.ledger.images/(unknown)/classified", 1), ("assay.ledger.images/(unknown)/in-flight", 0),
        ], ignoreOrder: true);
        first["assay.ledger.oldest_in_flight"].ShouldBeInRange(3600, 3700);

        await AppendAsync(stray, Sample.Prediction(image));
        await Eventually.HoldsAsync("everything has ended", () => gauges.Read() is { Count: > 0 } read
            && read["assay.ledger.images/landing/seen"] == 3 && read["assay.ledger.images/landing/classified"] == 2
            && read.Where(value => !value.Key.StartsWith("assay.ledger.images/landing/", StringComparison.Ordinal)).All(value => value.Value == 0));

        await WithAsync(catalog => catalog.Database.ExecuteSqlRawAsync("DROP VIEW ledger;", Token));
        await Eventually.HoldsAsync("there are no values", () => gauges.Read().Count == 0);
        metrics.ExecuteTask!.IsCompleted.ShouldBeFalse();
        await metrics.StopAsync(Token);
    }

    // What a writer commits in the middle of a query belongs to the next one.
    [Fact]
    public async Task The_ledger_balances_at_every_moment_while_images_come_and_end()
    {
        using var done = new CancellationTokenSource();
        var reads = Task.Run(async () =>
        {
            var lines = new List<LedgerLine>();
            do
                lines.AddRange(await WithAsync(catalog => catalog.Ledger.ToListAsync(Token)));
            while (!done.IsCancellationRequested);
            return lines;
        }, Token);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            foreach (var image in Enumerable.Range(0, 25).Select(i => Sample.Image($"{writer}/{i}")))
            {
                await AppendAsync(image);
                await AppendAsync(Sample.Cleansed(image));
                await AppendAsync(Sample.Enriched(image));
                await AppendAsync(image.RawPath.EndsWith('3') ? Sample.Rejection(image, "classify") : Sample.Prediction(image));
            }
        }, Token)));
        await done.CancelAsync();
        var seen = await reads;
        seen.ShouldAllBe(line => line.Difference == 0 && line.Source == "landing");
        // The last of them may have begun before the last image came.
        (await WithAsync(catalog => catalog.Ledger.SingleAsync(Token))).ShouldSatisfyAllConditions(line => (line.Seen, line.InFlight, line.Difference).ShouldBe((200, 0, 0)));
        seen.ShouldContain(line => line.InFlight > 0);
    }

    [Fact]
    public async Task One_query_leads_from_any_layer_back_to_the_landing_object()
    {
        var (image, refused) = (Sample.Image("in/a.jpg"), Sample.Image("in/b.jpg"));
        await AppendAsync(image, Sample.Cleansed(image), Sample.Enriched(image), Sample.Prediction(image), refused, Sample.Rejection(refused));
        foreach (var (bucket, key, path) in new[]
        {
            ("bronze", "b/in/a.jpg", "in/a.jpg"), ("silver", $"{Sample.Recipe}/in/a.jpg", "in/a.jpg"), ("gold", "g/in/a.jpg", "in/a.jpg"), ("quarantine", "q/in/b.jpg", "in/b.jpg"),
        })
        {
            var found = await WithAsync(catalog => catalog.Lineage.Where(step => step.Bucket == bucket && step.ObjectKey == key).ToListAsync(Token));
            found.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
                step => (step.Source, step.RawPath, step.Layer).ShouldBe(("landing", path, bucket)));
        }
        var way = await WithAsync(catalog => catalog.Lineage.Where(step => step.ImageId == image.Id).OrderBy(step => step.Step).ToListAsync(Token));
        way.Select(step => step.Stage).ShouldBe(["ingest", "preprocess", "enrich", "classify"]);
        way.Select(step => step.HappenedAt.Kind).ShouldAllBe(kind => kind == DateTimeKind.Utc);
        way[^1].Sha256.ShouldBe(new string('m', 64));
    }

    private Task<ImageStatus> StatusAsync(ImageFact image) =>
        WithAsync(catalog => catalog.ImageStatus.AsNoTracking().SingleAsync(status => status.ImageId == image.Id, Token));
}
