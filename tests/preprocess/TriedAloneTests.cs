using Assay.Contracts;
using Assay.Platform.Catalog;
using Assay.Platform.Isolation;
using Assay.Platform.Messaging;
using Assay.Preprocess;
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

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Task<(SilverImage Result, byte[] Bytes)> TryAsync(byte[] file, PreprocessOptions options, int memory, TimeSpan? cpuTime = null) => Alone.RunAsync<PreprocessOptions, SilverImage>(
        options with { DecodeTimeout = Timeout.InfiniteTimeSpan }, file, memory, cpuTime ?? TimeSpan.FromMinutes(1), (_, _) => Task.FromResult<IDisposable?>(null), Token);

    private ServiceProvider Catalog() =>
        new ServiceCollection().AddCatalog(new CatalogOptions { Kind = CatalogKind.Sqlite, File = Path.Combine(folder, "catalog.db") }).BuildServiceProvider();
}
