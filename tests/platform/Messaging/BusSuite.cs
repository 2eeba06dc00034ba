using System.Globalization;
using System.Text;
using Assay.Contracts;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform.Messaging;

/// <summary>What every bus promises to a stage.</summary>
public abstract class BusSuite
{
    private static readonly Func<ConsumeContext<ImageIngested>, int, Task> Nothing = (_, _) => Task.CompletedTask;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The settings of a bus that nobody else uses.</summary>
    protected abstract Task<IReadOnlyDictionary<string, string?>> CreateAsync();

    [Fact]
    public async Task A_published_event_reaches_the_stage()
    {
        await using var bus = await StartAsync(Nothing);
        var image = await bus.IngestAsync("a.jpg");
        await bus.PublishAsync(image);
        await Eventually.HoldsAsync("the stage has worked on the image", () => bus.Script.Done.Contains(image.ImageId));
        bus.Script.AttemptsOf(image.ImageId).ShouldBe(1);
        await ShouldLeaveNothingAsync(bus);
    }

    [Fact]
    public async Task An_invalid_image_is_rejected_once_however_often_it_is_delivered()
    {
        await using var bus = await StartAsync((_, _) => throw new InvalidImageException(RejectionReason.Truncated, "The image ends too early."));
        var image = await bus.IngestAsync("a.JPG");
        await bus.PublishAsync(image);
        await bus.PublishAsync(image);
        await Eventually.HoldsAsync("both deliveries are answered", () => bus.Script.Rejected.Count == 2);

        var fact = (await bus.WithCatalogAsync(catalog => catalog.Rejections.AsNoTracking().ToListAsync())).ShouldHaveSingleItem();
        (fact.ImageId, fact.Stage, fact.Reason, fact.Detail).ShouldBe((image.ImageId, BusHost.Stage, RejectionReason.Truncated, "The image ends too early."));
        (await bus.Objects.FindAsync(fact.QuarantineBucket, fact.QuarantineKey, Token)).ShouldNotBeNull().Bytes.ShouldBe(3);
        fact.QuarantineKey.ShouldBe($"{BusHost.Stage}/truncated/{image.ImageId}.jpg");
        bus.Script.Rejected.ShouldAllBe(rejected => rejected.ImageId == image.ImageId && rejected.Quarantine.Key == fact.QuarantineKey && rejected.Reason == fact.Reason);
        (await bus.Objects.ListAsync(Layer.Quarantine, "", Token).CountAsync(Token)).ShouldBe(1);
        bus.Script.AttemptsOf(image.ImageId).ShouldBe(2);
        await ShouldLeaveNothingAsync(bus);
    }

    [Fact]
    public async Task A_server_that_is_away_is_waited_for()
    {
        await using var bus = await StartAsync((_, attempt) => attempt < 3 ? throw new HttpRequestException("Connection refused") : Task.CompletedTask);
        var image = await bus.IngestAsync("a.jpg");
        await bus.PublishAsync(image);
        await Eventually.HoldsAsync("the stage has worked on the image", () => bus.Script.Done.Contains(image.ImageId));
        bus.Script.AttemptsOf(image.ImageId).ShouldBe(3);
        await ShouldLeaveNothingAsync(bus);
    }

    [Fact]
    public async Task A_bug_is_tried_four_times_and_kept_while_others_go_on()
    {
        ImageIngested? bad = null;
        await using var bus = await StartAsync((context, _) => context.Message.ImageId == bad?.ImageId ? throw new InvalidOperationException("A bug.") : Task.CompletedTask);
        bad = await bus.IngestAsync("bad.jpg");
        await bus.PublishAsync(bad);
        var others = new List<ImageIngested>();
        for (var i = 0; i < 10; i++)
        {
            others.Add(await bus.IngestAsync($"{i}.jpg"));
            await bus.PublishAsync(others[i]);
        }
        await Eventually.HoldsAsync("the others are done", () => others.TrueForAll(image => bus.Script.Done.Contains(image.ImageId)));
        await Eventually.HoldsAsync("the bug was tried to the end", () => bus.Script.AttemptsOf(bad.ImageId) == 4);
        await Eventually.HoldsAsync("it is kept", () => bus.WithCatalogAsync(catalog => catalog.Failures.AnyAsync(Token)));
        var failure = (await bus.WithCatalogAsync(catalog => catalog.Failures.AsNoTracking().ToListAsync(Token))).ShouldHaveSingleItem();
        (failure.Stage, failure.Queue, failure.Message, failure.ImageId, failure.Format).ShouldBe((BusHost.Stage, BusHost.Stage, nameof(ImageIngested), bad.ImageId, "jpg"));
        (failure.Exception, failure.Detail, failure.Attempt, failure.Retryable).ShouldBe((nameof(InvalidOperationException), "A bug.", 1, true));
        Encoding.UTF8.GetString(failure.Body).ShouldContain(bad.ImageId.ToString());
        await ShouldLeaveNothingAsync(bus);
        (await bus.WithCatalogAsync(catalog => catalog.Rejections.CountAsync())).ShouldBe(0);
        bus.Script.AttemptsOf(bad.ImageId).ShouldBe(4);
    }

    // The original comes late, so that the first copies fail: an invalid image, too, is retried until its rejection is recorded as a whole.
    [Fact]
    public async Task A_rejection_that_cannot_be_recorded_yet_is_tried_again()
    {
        var original = new TaskCompletionSource<Func<Task>>();
        await using var bus = await StartAsync(async (_, attempt) =>
        {
            if (attempt == 3)
                await (await original.Task)();
            throw new InvalidImageException(RejectionReason.Corrupt, "The image is damaged.");
        });
        var image = await bus.IngestAsync("a.jpg");
        image = image with { Bronze = image.Bronze with { Key = "late.jpg" } };
        original.SetResult(() => bus.Objects.WriteAllAsync(Layer.Bronze, image.Bronze.Bucket, image.Bronze.Key, new byte[] { 1 }, "image/jpeg", Token));
        await bus.PublishAsync(image);
        await Eventually.HoldsAsync("the rejection is announced", () => !bus.Script.Rejected.IsEmpty);
        bus.Script.AttemptsOf(image.ImageId).ShouldBe(3);
        (await bus.WithCatalogAsync(catalog => catalog.Rejections.CountAsync())).ShouldBe(1);
        await ShouldLeaveNothingAsync(bus);
        bus.Script.Rejected.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_image_that_is_refused_again_for_another_reason_stays_rejected_for_the_first_one()
    {
        await using var bus = await StartAsync((_, attempt) =>
            throw new InvalidImageException(attempt == 1 ? RejectionReason.TooManyBytes : RejectionReason.TooManyPixels, $"Attempt {attempt}."));
        var image = await bus.IngestAsync("a.jpg");
        await bus.PublishAsync(image);
        await Eventually.HoldsAsync("the rejection is announced", () => bus.Script.Rejected.Count == 1);
        await bus.PublishAsync(image);
        await Eventually.HoldsAsync("it is announced again", () => bus.Script.Rejected.Count == 2);

        var recorded = await bus.WithCatalogAsync(catalog => catalog.Rejections.AsNoTracking().SingleAsync());
        foreach (var announced in bus.Script.Rejected)
        {
            (announced.Reason, announced.Detail).ShouldBe((RejectionReason.TooManyBytes, "Attempt 1."));
            announced.Quarantine.Key.ShouldBe(recorded.QuarantineKey);
        }
        (await bus.Objects.ListAsync(Layer.Quarantine, "", Token).Select(copy => copy.Key).ToListAsync(Token)).ShouldBe([recorded.QuarantineKey]);
    }

    [Fact]
    public async Task What_a_failed_attempt_has_published_is_not_sent()
    {
        await using var bus = await StartAsync(async (context, attempt) =>
        {
            await context.Publish(Rejection(context.Message, $"attempt-{attempt}"));
            if (attempt < 3)
                throw new HttpRequestException("Connection refused");
        });
        var image = await bus.IngestAsync("a.jpg");
        await bus.PublishAsync(image);
        await Eventually.HoldsAsync("the event has arrived", () => !bus.Script.Rejected.IsEmpty);
        await ShouldLeaveNothingAsync(bus);
        bus.Script.Rejected.ShouldHaveSingleItem().Reason.ShouldBe("attempt-3");
    }

    [Fact]
    public async Task No_more_images_are_worked_on_at_once_than_the_setting_says()
    {
        var (active, most) = (0, 0);
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var bus = await StartAsync(async (_, _) =>
        {
            var now = Interlocked.Increment(ref active);
            InterlockedMax(ref most, now);
            await open.Task.WaitAsync(TimeSpan.FromSeconds(60));
            Interlocked.Decrement(ref active);
        }, concurrency: 3);
        for (var i = 0; i < 12; i++)
            await bus.PublishAsync(await bus.IngestAsync($"{i}.jpg"));
        await Eventually.HoldsAsync("three are worked on", () => Volatile.Read(ref active) == 3);
        open.SetResult();
        await Eventually.HoldsAsync("all are done", () => bus.Script.Done.Count == 12);
        most.ShouldBe(3);
    }

    [Fact]
    public async Task An_event_that_only_others_may_hear_needs_no_listener()
    {
        await using var bus = await StartAsync(Nothing);
        var image = await bus.IngestAsync("a.jpg");
        await Should.NotThrowAsync(() => bus.PublishAsync(new ImageClassified(
            image.ImageId, image.Origin, image.Bronze, image.Bronze, new ModelIdentity("m", "1", "f"), "photo", 0.9, true, DateTime.UtcNow)));
    }

    /// <summary>Starts a host with a scripted stage.</summary>
    private protected async Task<BusHost> StartAsync(Func<ConsumeContext<ImageIngested>, int, Task> work, bool hasStage = true, int concurrency = 0) =>
        await BusHost.StartAsync(
            new Dictionary<string, string?>(await CreateAsync()) { ["Bus:Concurrency"] = concurrency.ToString(CultureInfo.InvariantCulture) }, work, hasStage);

    /// <summary>Waits until no queue holds a message.</summary>
    private protected abstract Task ShouldLeaveNothingAsync(BusHost bus);

    private static ImageRejected Rejection(ImageIngested image, string reason) =>
        new(image.ImageId, image.Origin, image.Bronze, BusHost.Stage, reason, "", image.Bronze, DateTime.UtcNow);

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}

public sealed class InMemoryBusTests : BusSuite
{
    protected override Task<IReadOnlyDictionary<string, string?>> CreateAsync() =>
        Task.FromResult<IReadOnlyDictionary<string, string?>>(new Dictionary<string, string?> { ["Bus:Kind"] = "InMemory" });

    private protected override Task ShouldLeaveNothingAsync(BusHost bus) =>
        Eventually.HoldsAsync("every message is consumed or kept", () => bus.Unanswered.Count == 0, TimeSpan.FromSeconds(15));
}
