using System.Diagnostics;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Objects;
using Microsoft.EntityFrameworkCore;

namespace Assay.Ingest;

/// <summary>
/// The one way in, whatever the trigger: bytes to bronze, then the fact. Publishing is the caller's, after this returns.
/// An occurrence that is in the catalog already is not taken again; its fact is returned.
/// </summary>
public sealed class Intake(CatalogContext catalog, IObjectStore objects, ObjectsOptions layers, TimeProvider clock)
{
    /// <summary>Opens an occurrence's bytes, hands them to <paramref name="write"/> once, and returns what that returns.</summary>
    public delegate Task<ImageFact> ByteSource(Func<Stream, CancellationToken, Task<ImageFact>> write, CancellationToken cancellationToken);

    /// <summary>Takes an occurrence in.</summary>
    /// <param name="occurrence">What it is.</param>
    /// <param name="open">Its bytes; not asked for when it is known already.</param>
    /// <param name="cancellationToken">Stops the transfer; nothing is recorded then.</param>
    public async Task<(ImageFact Image, bool IsNew)> TakeAsync(Occurrence occurrence, ByteSource open, CancellationToken cancellationToken)
    {
        if (await FindAsync(occurrence, cancellationToken) is { } known)
            return (known, false);
        var image = await open((bytes, token) => WriteBronzeAsync(occurrence, bytes, token), cancellationToken);
        if (await catalog.AppendAsync([image], cancellationToken))
            return (image, true);
        // Somebody else was first, perhaps under another id: the same bytes at the same key may have got a new time in between.
        var first = await FindAsync(occurrence, cancellationToken);
        return (first ?? throw new InvalidOperationException($"{occurrence.Path} is in the catalog and cannot be found there."), false);
    }

    /// <summary>The metadata of an original in bronze.</summary>
    public static Dictionary<string, string> MetadataOf(string rawName, string? userId)
    {
        var metadata = new Dictionary<string, string> { [LandingZone.RawNameMetadata] = rawName };
        if (userId is not null)
            metadata[LandingZone.UserIdMetadata] = userId;
        return metadata;
    }

    private Task<ImageFact?> FindAsync(Occurrence occurrence, CancellationToken cancellationToken) =>
        catalog.Images.AsNoTracking().FirstOrDefaultAsync(
            image => image.Source == occurrence.Source && image.RawPath == occurrence.Path && image.Version == occurrence.Version, cancellationToken);

    // The earliest, so that of many occurrences all name the same one. Of two that come in at the same moment neither may see the other: then both are worked on.
    private Task<Guid?> FindTwinAsync(string sha256, Guid id, CancellationToken cancellationToken) =>
        catalog.Images.Where(image => image.Sha256 == sha256 && image.Id != id)
            .OrderBy(image => image.IngestedAt).ThenBy(image => image.Id)
            .Select(image => (Guid?)image.Id).FirstOrDefaultAsync(cancellationToken);

    private async Task<ImageFact> WriteBronzeAsync(Occurrence occurrence, Stream bytes, CancellationToken cancellationToken)
    {
        var id = ImageIdentity.Of(occurrence.Source, occurrence.Path, occurrence.Version, occurrence.LastModified);
        var bucket = layers.BucketOf(Layer.Bronze);
        var key = Layer.BronzeKey(id, occurrence.Name);
        using var hashing = new HashingStream(bytes);
        await objects.WriteAsync(bucket, key, hashing, occurrence.Bytes, "application/octet-stream", MetadataOf(occurrence.Name, occurrence.UserId), cancellationToken);
        var sha256 = hashing.Sha256();
        return new ImageFact
        {
            Id = id,
            Source = occurrence.Source,
            RawPath = occurrence.Path,
            Version = occurrence.Version,
            Batch = occurrence.Batch,
            UserId = occurrence.UserId,
            RawName = occurrence.Name,
            DeclaredType = occurrence.DeclaredType,
            UploadedAt = occurrence.UploadedAt.ToCatalogPrecision(),
            IngestedAt = clock.GetCatalogTime(),
            BronzeBucket = bucket,
            BronzeKey = key,
            Bytes = occurrence.Bytes,
            Sha256 = sha256,
            Bulk = occurrence.IsBulk,
            TraceParent = Activity.Current?.Id ?? occurrence.TraceParent,
            TwinOf = await FindTwinAsync(sha256, id, cancellationToken),
        };
    }
}
