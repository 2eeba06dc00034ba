using System.Text.Json;
using System.Text.Json.Nodes;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform.Catalog;

/// <summary>What every catalog promises. Each test has a database of its own.</summary>
public abstract class CatalogSuite : IAsyncLifetime
{
    private static readonly int[] Microseconds = [0, 1, 9, 10, 100_000, 999_999, 1_000_000];

    private ServiceProvider services = null!;

    /// <summary>Where catalogs come from.</summary>
    protected IServiceScopeFactory Scopes => services.GetRequiredService<IServiceScopeFactory>();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The settings of a new, empty database.</summary>
    protected abstract Task<CatalogOptions> CreateAsync();

    /// <summary>Takes it away.</summary>
    protected abstract ValueTask DropAsync();

    public async ValueTask InitializeAsync()
    {
        services = new ServiceCollection().AddLogging().AddCatalog(await CreateAsync()).BuildServiceProvider();
        await MigrateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await DropAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_fact_is_read_as_it_was_written()
    {
        var image = Sample.Image("a.jpg");
        object[] facts =
        [
            image, Sample.Cleansed(image), Sample.Enriched(image), Sample.Quality(image), Sample.Prediction(image), Sample.Rejection(image), Sample.Model(), Sample.Transition(1), Sample.Verdict(image),
        ];
        (await AppendAsync(facts)).ShouldBeTrue();

        await WithAsync(async catalog =>
        {
            object[] read =
            [
                await catalog.Images.AsNoTracking().SingleAsync(Token),
                await catalog.Cleansed.AsNoTracking().SingleAsync(Token),
                await catalog.Enrichments.AsNoTracking().SingleAsync(Token),
                await catalog.QualityChecks.AsNoTracking().SingleAsync(Token),
                await catalog.Predictions.AsNoTracking().SingleAsync(Token),
                await catalog.Rejections.AsNoTracking().SingleAsync(Token),
                await catalog.Models.AsNoTracking().SingleAsync(Token),
                await catalog.ModelTransitions.AsNoTracking().SingleAsync(Token),
                await catalog.Verdicts.AsNoTracking().SingleAsync(Token),
            ];
            foreach (var (before, after) in facts.Zip(read))
                ShouldBeSame(after, before);
        });
    }

    [Fact]
    public async Task The_clocks_time_is_kept_to_its_last_digit()
    {
        var now = TimeProvider.System.GetCatalogTime();
        await AppendAsync(Sample.Image("a.jpg", ingestedAt: now));
        await WithAsync(async catalog => (await catalog.Images.AsNoTracking().SingleAsync(Token)).IngestedAt.ShouldBe(now));
    }

    [Fact]
    public async Task What_is_finer_than_a_microsecond_is_cut_off_and_not_rounded()
    {
        var time = new DateTime(2026, 12, 31, 23, 59, 59, DateTimeKind.Utc).AddTicks(9_999_999);
        await AppendAsync(Sample.Image("a.jpg", ingestedAt: time));
        await WithAsync(async catalog => (await catalog.Images.AsNoTracking().SingleAsync(Token)).IngestedAt.ShouldBe(time.AddTicks(-9)));
    }

    [Fact]
    public async Task Times_are_ordered_and_compared_as_times()
    {
        DateTime[] times = [.. Microseconds.Select(microseconds => Sample.Noon.Date.AddMicroseconds(microseconds))];
        await AppendAsync([.. times.Reverse().Select((time, i) => Sample.Image($"{i}.jpg", time))]);
        await WithAsync(async catalog =>
        {
            (await catalog.Images.OrderBy(image => image.IngestedAt).Select(image => image.IngestedAt).ToListAsync(Token)).ShouldBe(times);
            (await catalog.Images.CountAsync(image => image.IngestedAt >= times[3], Token)).ShouldBe(4);
        });
    }

    [Fact]
    public async Task What_is_not_known_stays_unknown_and_numbers_keep_their_last_digit()
    {
        var image = Sample.Image("a.jpg", batch: null, userId: null);
        var enriched = Sample.Enriched(image, metadata: "{}", capturedAt: null, perceptualHash: long.MinValue, sharpness: Math.BitIncrement(1.0 / 3));
        await AppendAsync(image, enriched);
        await WithAsync(async catalog =>
        {
            ShouldBeSame(await catalog.Images.AsNoTracking().SingleAsync(Token), image);
            ShouldBeSame(await catalog.Enrichments.AsNoTracking().SingleAsync(Token), enriched);
        });
    }

    [Fact]
    public async Task A_fact_that_is_there_is_not_added_again()
    {
        var image = Sample.Image("a.jpg");
        (await AppendAsync(image)).ShouldBeTrue();
        (await AppendAsync(image)).ShouldBeFalse();
        await WithAsync(async catalog => (await catalog.Images.CountAsync(Token)).ShouldBe(1));
    }

    [Fact]
    public async Task An_occurrence_is_there_once_whatever_its_id()
    {
        (await AppendAsync(Sample.Image("a.jpg"))).ShouldBeTrue();
        (await AppendAsync(Sample.Image("a.jpg"))).ShouldBeFalse();
        (await AppendAsync(Sample.Image("a.jpg", source: "other"))).ShouldBeTrue();
    }

    [Fact]
    public async Task Of_several_facts_none_is_added_when_one_is_there()
    {
        var image = Sample.Image("a.jpg");
        await AppendAsync(Sample.Enriched(image));
        (await AppendAsync(Sample.Quality(image), Sample.Enriched(image), Sample.Quality(image, "too-dark"))).ShouldBeFalse();
        await WithAsync(async catalog => (await catalog.QualityChecks.CountAsync(Token)).ShouldBe(0));
    }

    [Fact]
    public async Task A_context_can_be_used_after_a_duplicate()
    {
        var image = Sample.Image("a.jpg");
        await AppendAsync(image);
        await WithAsync(async catalog =>
        {
            (await catalog.AppendAsync([Sample.Image("a.jpg")], Token)).ShouldBeFalse();
            (await catalog.AppendAsync([Sample.Image("b.jpg")], Token)).ShouldBeTrue();
        });
    }

    [Fact]
    public async Task Of_many_who_append_the_same_fact_one_is_first_and_nobody_fails()
    {
        var image = Sample.Image("a.jpg");
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => Task.Run(() => AppendAsync(Sample.Cleansed(image)), Token)));
        answers.Count(isFirst => isFirst).ShouldBe(1);
        await WithAsync(async catalog => (await catalog.Cleansed.CountAsync(Token)).ShouldBe(1));
    }

    // Each in an order of its own: two transactions that take the same keys in different orders would wait for each other.
    [Fact]
    public async Task Of_many_who_append_the_same_facts_one_is_first_with_all_of_them()
    {
        var image = Sample.Image("a.jpg");
        object[] Facts() => [Sample.Enriched(image), .. Enumerable.Range(0, 8).Select(i => Sample.Quality(image, $"rule-{i}"))];
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(() => AppendAsync(i % 2 == 0 ? Facts() : [.. Facts().Reverse()]), Token)));
        answers.Count(isFirst => isFirst).ShouldBe(1);
        await WithAsync(async catalog =>
        {
            (await catalog.Enrichments.CountAsync(Token)).ShouldBe(1);
            (await catalog.QualityChecks.CountAsync(Token)).ShouldBe(8);
        });
    }

    [Fact]
    public async Task Many_can_append_at_once()
    {
        var images = Enumerable.Range(0, 100).Select(i => Sample.Image($"{i}.jpg")).ToList();
        await Task.WhenAll(images.Select(image => Task.Run(() => AppendAsync(image), Token)));
        await WithAsync(async catalog => (await catalog.Images.CountAsync(Token)).ShouldBe(images.Count));
    }

    [Fact]
    public async Task What_is_refused_for_another_reason_is_a_failure()
    {
        await WithAsync(catalog => catalog.Database.ExecuteSqlRawAsync("DROP VIEW lineage; DROP VIEW needs_review; DROP VIEW current_labels; DROP VIEW ledger; DROP VIEW ledger_rejections; DROP VIEW image_status; DROP VIEW model_states; DROP TABLE models;", Token));
        await Should.ThrowAsync<DbUpdateException>(() => AppendAsync(Sample.Model()));
    }

    // A constraint, too, but not the one that says "there already".
    [Fact]
    public async Task A_fact_with_a_part_missing_is_a_failure_and_no_duplicate()
    {
        await Should.ThrowAsync<DbUpdateException>(() => AppendAsync(Sample.Model(), Sample.Quality(Sample.Image("a.jpg"), verdict: null!)));
        await WithAsync(async catalog => (await catalog.Models.CountAsync(Token)).ShouldBe(0));
    }

    [Fact]
    public async Task An_append_that_is_cancelled_says_so_and_adds_nothing()
    {
        await WithAsync(catalog => Should.ThrowAsync<OperationCanceledException>(() => catalog.AppendAsync([Sample.Image("a.jpg")], new CancellationToken(canceled: true))));
        await WithAsync(async catalog => (await catalog.Images.CountAsync(Token)).ShouldBe(0));
    }

    [Fact]
    public async Task Migrating_again_changes_nothing_and_the_migrations_are_complete()
    {
        await AppendAsync(Sample.Image("a.jpg"));
        await MigrateAsync();
        await WithAsync(async catalog =>
        {
            (await catalog.Images.CountAsync(Token)).ShouldBe(1);
            catalog.Database.HasPendingModelChanges().ShouldBeFalse();
        });
    }

    protected Task<bool> AppendAsync(params object[] facts) => WithAsync(catalog => catalog.AppendAsync(facts, Token));

    protected async Task<T> WithAsync<T>(Func<CatalogContext, Task<T>> work)
    {
        await using var scope = services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<CatalogContext>());
    }

    protected Task WithAsync(Func<CatalogContext, Task> work) => WithAsync(async catalog =>
    {
        await work(catalog);
        return true;
    });

    // By what serialisation shows: every value, and of every time whether it is UTC. PostgreSQL writes JSON anew; what it means is the same.
    private static void ShouldBeSame(object after, object before)
    {
        var (read, written) = (JsonSerializer.SerializeToNode(after, after.GetType())!.AsObject(), JsonSerializer.SerializeToNode(before, before.GetType())!.AsObject());
        if (before is EnrichedFact)
        {
            foreach (var fact in new[] { read, written })
                fact["Metadata"] = JsonNode.Parse((string)fact["Metadata"]!);
        }
        JsonNode.DeepEquals(read, written).ShouldBeTrue($"{read}\nis not\n{written}");
    }

    private Task MigrateAsync() => WithAsync(catalog => catalog.Database.MigrateAsync(Token));
}
