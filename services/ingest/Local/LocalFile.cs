using Assay.Platform.Catalog.Facts;

namespace Assay.Ingest.Local;

/// <summary>A file of this machine, or an entry of an archive that was unpacked to a temporary file.</summary>
/// <param name="occurrence">What it is.</param>
/// <param name="content">Where its bytes are.</param>
/// <param name="temporary">Whether to delete them afterwards.</param>
/// <param name="damage">Of an archive that could not be read to its end: what is wrong with it, as a sentence without its end. Default null.</param>
public sealed class LocalFile(Occurrence occurrence, string content, bool temporary, string? damage = null) : IDisposable
{
    /// <summary>What it is.</summary>
    public Occurrence Occurrence { get; } = occurrence;

    /// <summary>Of an archive that could not be read to its end: what is wrong with it, as a sentence without its end.</summary>
    public string? Damage { get; } = damage;

    /// <summary>Opens its bytes for <see cref="Intake"/>.</summary>
    public async Task<ImageFact> OpenAsync(Func<Stream, CancellationToken, Task<ImageFact>> write, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(content, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        return await write(stream, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (temporary)
            File.Delete(content);
    }
}
