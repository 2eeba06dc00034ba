using Assay.Contracts;
using Assay.Platform.Messaging;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform.Messaging;

/// <summary>What every bus promises to a stage.</summary>
public abstract class BusSuite
{
    private static readonly Func<ImageIngested, int, Task> Nothing = (_, _) => Task.CompletedTask;

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
        await ShouldLeaveNothingAsync();
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
        (await bus.Objects.FindAsync(fact.QuarantineBucket, fact.QuarantineKey, CancellationToken.None)).ShouldNotBeNull().Bytes.ShouldBe(3);
        fact.QuarantineKey.ShouldBe($"{BusHost.Stage}/truncated/{image.ImageId}.jpg");
        bus.Script.Rejected.ShouldAllBe(rejected => rejected.ImageId == image.ImageId && rejected.Quarantine.Key == fact.QuarantineKey && rejected.Reason == fact.Reason);
        bus.Script.AttemptsOf(image.ImageId).ShouldBe(2);
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task A_server_that_is_away_is_waited_for()
    {
        await using var bus = await StartAsync((_, attempt) => attempt < 3 ? throw new HttpRequestException("Connection refused") : Task.CompletedTask);
        var image = await bus.IngestAsync("a.jpg");
        await bus.PublishAsync(image);
        await Eventually.HoldsAsync("the stage has worked on the image", () => bus.Script.Done.Contains(image.ImageId));
        bus.Script.AttemptsOf(image.ImageId).ShouldBe(3);
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task A_bug_is_tried_four_times_and_put_aside_while_others_go_on()
    {
        ImageIngested? bad = null;
        await using var bus = await StartAsync((image, _) => image.ImageId == bad?.ImageId ? throw new InvalidOperationException("A bug.") : Task.CompletedTask);
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
        await ShouldPutAsideAsync(BusHost.Stage + "_error");
        (await bus.WithCatalogAsync(catalog => catalog.Rejections.CountAsync())).ShouldBe(0);
        bus.Script.AttemptsOf(bad.ImageId).ShouldBe(4);
    }

    /// <summary>Starts a host with a scripted stage.</summary>
    private protected async Task<BusHost> StartAsync(Func<ImageIngested, int, Task> work, bool hasStage = true) => await BusHost.StartAsync(await CreateAsync(), work, hasStage);

    /// <summary>Waits until no queue holds a message; of a bus inside the process nobody can ask that.</summary>
    protected virtual Task ShouldLeaveNothingAsync() => Task.CompletedTask;

    /// <summary>Waits until a queue holds one message.</summary>
    protected virtual Task ShouldPutAsideAsync(string queue) => Task.CompletedTask;
}

public sealed class InMemoryBusTests : BusSuite
{
    protected override Task<IReadOnlyDictionary<string, string?>> CreateAsync() =>
        Task.FromResult<IReadOnlyDictionary<string, string?>>(new Dictionary<string, string?> { ["Bus:Kind"] = "InMemory" });
}
