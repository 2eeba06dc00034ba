using Assay.Contracts;
using Assay.Platform.Catalog;
using Assay.Platform.Isolation;
using Assay.Platform.Messaging;
using Assay.Preprocess;
using Assay.Tests.Distributed;
using Assay.Tests.Embedded;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Assay.Tests.Preprocess;

/// <summary>The silver transform in a process of its own.</summary>
public sealed class TriedAloneTests : IDisposable
{
    private static readonly ChildProcess Alone = new(typeof(PreprocessStage).Assembly);

    private readonly string folder = Directory.CreateTempSubdirectory("assay-alone-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // As much as the default limits let through: what is forbidden to the process must not forbid it these.
    [Theory]
    [InlineData("jpeg", 4_000, 3_000)]
    [InlineData("progressive jpeg", 6_500, 5_000)]
    [InlineData("interlaced png", 7_900, 7_900)]
    [InlineData("deflated tiff", 40_000, 4_000)]
    [InlineData("webp", 6_000, 6_000)]
    [InlineData("gif", 5_000, 4_300)]
    [InlineData("avif", 4_000, 3_000)]
    [InlineData("bmp", 5_000, 4_000)]
    [InlineData("jpeg xl", 5_000, 4_000)]
    public async Task A_good_image_becomes_the_same_silver_alone_as_beside_others(string format, int width, int height)
    {
        using var pixel = Drawn.Plain(1, 1, 10, 200, 90);
        using var plain = pixel.Replicate(width, height);
        var file = plain.As(format);
        var options = new PreprocessOptions { DecodeTimeout = TimeSpan.FromMinutes(1) };
        using var transform = new SilverTransform(options);
        var expected = transform.Apply(file, Token);

        await using var services = Catalog();
        await using var scope = services.CreateAsyncScope();
        var catalog = scope.ServiceProvider.GetRequiredService<CatalogContext>();
        await catalog.Database.MigrateAsync(Token);
        var careful = new CarefulTransform(transform, options, Alone, new SuspectImages(catalog, TimeProvider.System, NullLogger<SuspectImages>.Instance));
        var silver = await careful.ApplyAsync(Guid.NewGuid(), wasTriedBefore: true, file, Token);

        silver.Jpeg.ToArray().ShouldBe(expected.Jpeg.ToArray());
        (silver with { Jpeg = default }).ShouldBe(expected with { Jpeg = default });
        (await catalog.Attempts.Select(attempt => attempt.Ended).ToListAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_bad_image_is_refused_alone_for_the_same_reason_as_beside_others()
    {
        var file = Drawn.Detailed(400, 300).As("jpeg")[..2_000];
        var expected = Silver.Refusal(file);
        var refusal = await Should.ThrowAsync<InvalidImageException>(() => TryAsync(file, new(), memory: 208));
        (refusal.Reason, refusal.Detail).ShouldBe((expected.Reason, expected.Detail));
    }

    [Theory]
    [InlineData("interlaced png", 12_000)]
    [InlineData("progressive jpeg", 9_000)]
    [InlineData("bmp", 8_000)]
    [InlineData("avif", 6_000)]
    public async Task A_file_that_takes_more_memory_than_there_is_ends_its_process_and_is_not_called_corrupt(string format, int side)
    {
        using var pixel = Drawn.Plain(1, 1, 10, 200, 90);
        using var plain = pixel.Replicate(side, side);
        var file = plain.As(format);
        await Should.ThrowAsync<ChildDiedException>(() => TryAsync(file, new() { MaxDecodeMemory = 10_000, MaxBytes = 1_000_000_000 }, memory: 1));
    }

    [Fact]
    public async Task A_file_that_computes_for_too_long_is_a_timeout_and_no_crash()
    {
        using var detailed = Drawn.Detailed(400, 300);
        using var large = detailed.Replicate(10, 10);
        var refusal = await Should.ThrowAsync<InvalidImageException>(() => TryAsync(large.As("jpeg xl"), new(), memory: 208, TimeSpan.FromMilliseconds(10)));
        refusal.Reason.ShouldBe(RejectionReason.DecodeTimeout);
    }

    // Killed: by a kernel that lacks memory, perhaps for another reason. A forbidden call: its own.
    [Theory]
    [InlineData("-KILL", "signal 9 (SIGKILL)", 5)]
    [InlineData("-SYS", "signal 31 (SIGSYS)", 0)]
    public async Task A_file_whose_process_was_killed_is_tried_once_more_after_a_while_and_one_whose_process_ended_itself_at_once(string signal, string ended, int seconds)
    {
        using var plain = Drawn.Plain(1500, 1500, 10, 200, 90);
        var file = plain.As("interlaced png");
        await using var services = Catalog();
        await using var scope = services.CreateAsyncScope();
        var catalog = scope.ServiceProvider.GetRequiredService<CatalogContext>();
        await catalog.Database.MigrateAsync(Token);
        var clock = new HastyClock();
        var processes = 0;

        var (silver, _) = await new SuspectImages(catalog, clock, NullLogger<SuspectImages>.Instance).TryAsync(
            Guid.NewGuid(), "preprocess", token => TryAsync(file, new(), memory: 208, waitForRoom: () => processes++ == 0 ? EndChildAsync(signal) : Task.CompletedTask), Token);

        silver.Width.ShouldBe(512);
        (await catalog.Attempts.Select(attempt => attempt.Ended).ToListAsync(Token)).ShouldBe([ended]);
        clock.Waits.Sum(wait => wait.TotalSeconds).ShouldBe(seconds);
    }

    [Fact]
    public async Task A_process_that_does_not_get_to_compute_says_nothing_against_its_file()
    {
        using var plain = Drawn.Plain(1500, 1500, 10, 200, 90);
        var thrown = await Should.ThrowAsync<InvalidOperationException>(() => TryAsync(plain.As("interlaced png"), new(), memory: 208, cpuTime: TimeSpan.FromSeconds(2), waitForRoom: () =>
        {
            Workplace.Command("kill", "-STOP", $"{ChildId()}");
            return Task.CompletedTask;
        }));
        thrown.Message.ShouldContain("the machine is too busy");
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Task<(SilverImage Result, byte[] Bytes)> TryAsync(
        byte[] file, PreprocessOptions options, int memory, TimeSpan? cpuTime = null, Func<Task>? waitForRoom = null) => Alone.RunAsync<PreprocessOptions, SilverImage>(
        options with { DecodeTimeout = Timeout.InfiniteTimeSpan }, file, memory, cpuTime ?? TimeSpan.FromMinutes(1),
        async (_, _) =>
        {
            await (waitForRoom?.Invoke() ?? Task.CompletedTask);
            return null;
        }, Token);

    // Services that other tests have started have no such argument.
    private static int ChildId() => ProcessTree.ChildrenOf(Environment.ProcessId).Single(id =>
        File.ReadAllText($"/proc/{id}/cmdline") is var command && command.Contains("Assay.Preprocess", StringComparison.Ordinal) && command.EndsWith("\0child\0", StringComparison.Ordinal));

    private static async Task EndChildAsync(string signal)
    {
        var child = ChildId();
        Workplace.Command("kill", signal, $"{child}");
        await Eventually.HoldsAsync("it has ended", () => !ProcessTree.Runs(child));
    }

    private ServiceProvider Catalog() =>
        new ServiceCollection().AddCatalog(new CatalogOptions { Kind = CatalogKind.Sqlite, File = Path.Combine(folder, "catalog.db") }).BuildServiceProvider();

    // Nobody waits for long here: it says how long anybody would have.
    private sealed class HastyClock : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
