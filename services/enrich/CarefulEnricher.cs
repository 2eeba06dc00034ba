using Assay.Contracts;
using Assay.Platform.Isolation;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;

namespace Assay.Enrich;

/// <summary>The enricher; the original's header is read in this process as long as nothing speaks against the file, and in a process of its own from then on.</summary>
public sealed class CarefulEnricher(
    Enricher enricher, EnrichOptions options, [FromKeyedServices(EnrichStage.StageName)] ChildProcess alone, SuspectImages suspects)
{
    // A header takes milliseconds and a few MiB.
    private const int HeaderMebibytes = 128;
    private static readonly TimeSpan HeaderTime = TimeSpan.FromSeconds(8);

    /// <inheritdoc cref="Enricher.Version"/>
    public string Version => enricher.Version;

    /// <inheritdoc cref="Enricher.Judge"/>
    public Findings Judge(ImageCleansed image, Observations seen, int nearestDistance) => enricher.Judge(image, seen, nearestDistance);

    /// <summary>Reads and measures, as <see cref="Enricher.Examine"/> does.</summary>
    /// <param name="image">The image.</param>
    /// <param name="wasTriedBefore">Whether somebody has begun with it and did not come to the end.</param>
    /// <param name="bronze">The original's bytes.</param>
    /// <param name="silver">The silver image's bytes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InvalidImageException">The file is at fault because of what it does to a process.</exception>
    public async Task<Observations> ExamineAsync(ImageCleansed image, bool wasTriedBefore, byte[] bronze, byte[] silver, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (!wasTriedBefore && !await suspects.HaveAsync(image.ImageId, EnrichStage.StageName, cancellationToken))
            return enricher.Examine(bronze, image.MediaType, silver);
        var metadata = await suspects.TryAsync(image.ImageId, EnrichStage.StageName, token => ReadAloneAsync(bronze, image.MediaType, token), cancellationToken);
        return new(metadata, Measures.Of(silver));
    }

    /// <summary>What the process of its own does: the program of this service, started as a child.</summary>
    public static Task<int> RunChildAsync() => ChildProgram.RunAsync<HeaderWork, ImageMetadata>((work, bronze, _) =>
        Task.FromResult((new MetadataReader(work.Options).Read(bronze, work.MediaType), ReadOnlyMemory<byte>.Empty)));

    private async Task<ImageMetadata> ReadAloneAsync(byte[] bronze, string mediaType, CancellationToken cancellationToken) =>
        (await alone.RunAsync<HeaderWork, ImageMetadata>(
            new(options, mediaType), bronze, HeaderMebibytes, HeaderTime, (_, _) => Task.FromResult<IDisposable?>(null), cancellationToken)).Result;

    private sealed record HeaderWork(EnrichOptions Options, string MediaType);
}
