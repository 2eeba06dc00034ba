using System.Security.Cryptography;
using Assay.Contracts;
using Assay.Ingest;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using Assay.Preprocess;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded.Verify;

/// <summary>
/// Makes an object again that is lost or damaged, so that it has the bytes that the catalog says: from another copy of the same bytes, or from what it was
/// made from. Nothing is written that has other bytes, and nothing is ever deleted.
/// </summary>
internal sealed class Mender(Installation place)
{
    // Any of them will do; that ten are damaged is another kind of trouble.
    private const int MostTwins = 10;

    private readonly IObjectStore objects = place.Objects;

    /// <summary>Makes it again. Returns null, or why it cannot be made.</summary>
    public Task<string?> MendAsync(ImageFacts image, ExpectedObject broken, CancellationToken cancellationToken) => broken.Layer switch
    {
        Layer.Bronze => MendBronzeAsync(image, cancellationToken),
        Layer.Silver => MendSilverAsync(image, image.Cleansed.First(fact => fact.SilverKey == broken.Key), cancellationToken),
        Layer.Gold => MendGoldAsync(image, broken.Content!, cancellationToken),
        Layer.Quarantine => MendQuarantineAsync(image, broken.Content!, cancellationToken),
        Finding.Sidecar => MendSidecarAsync(image, broken, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(broken), broken.Layer, "No such layer."),
    };

    private async Task<string?> MendBronzeAsync(ImageFacts image, CancellationToken cancellationToken)
    {
        var (id, sha256) = (image.Image.Id, image.Image.Sha256);
        var twins = await place.Catalog.Images.AsNoTracking().Where(fact => fact.Sha256 == sha256 && fact.Id != id).OrderBy(fact => fact.IngestedAt).Take(MostTwins).ToListAsync(cancellationToken);
        IEnumerable<ObjectReference> copies =
        [
            .. image.Objects.Where(expected => expected.Layer == Layer.Quarantine).Select(expected => expected.Content!),
            .. twins.Select(twin => twin.Bronze),
            .. Landed(image.Image),
        ];
        foreach (var copy in copies)
        {
            if (!await objects.IsIntactAsync(copy, cancellationToken))
                continue;
            await objects.ReadAsync(copy.Bucket, copy.Key, version: null, (stream, token) => WriteBronzeAsync(image.Image, stream, token), cancellationToken);
            return null;
        }
        if (place.Folder is not null && File.Exists(image.Image.RawPath))
        {
            await using var file = File.OpenRead(image.Image.RawPath);
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)) == sha256)
            {
                file.Position = 0;
                await WriteBronzeAsync(image.Image, file, cancellationToken);
                return null;
            }
        }
        return $"The original is lost here. No other image has these bytes, nor has {image.Image.RawPath} (source {image.Image.Source}) any more. Restore it from a backup.";
    }

    private async Task<bool> WriteBronzeAsync(ImageFact image, Stream bytes, CancellationToken cancellationToken)
    {
        await objects.WriteAsync(image.BronzeBucket, image.BronzeKey, bytes, image.Bytes, "application/octet-stream", Intake.MetadataOf(image.RawName, image.UserId), cancellationToken);
        return true;
    }

    private IEnumerable<ObjectReference> Landed(ImageFact image) =>
        place.Folder is null && LandingZone.CanAddress(image.RawPath) && place.Services.GetRequiredService<LandingZone>().Sources.FirstOrDefault(source => source.Name == image.Source) is { } source
            ? [image.Bronze with { Bucket = source.Bucket, Key = image.RawPath }]
            : [];

    private async Task<string?> MendSilverAsync(ImageFacts image, CleansedFact fact, CancellationToken cancellationToken)
    {
        if (image.Gold?.Sha256 == fact.Sha256 && await objects.IsIntactAsync(image.Gold.Gold, cancellationToken))
        {
            await objects.CopyAsync(image.Gold.GoldBucket, image.Gold.GoldKey, fact.SilverBucket, fact.SilverKey, cancellationToken);
            return null;
        }
        var transform = place.Services.GetRequiredService<SilverTransform>();
        if (fact.Recipe != transform.Recipe.Version)
            return $"It was made by recipe {fact.Recipe}; this version of Assay with these settings follows {transform.Recipe.Version}.";
        try
        {
            transform.RequireSize(image.Image.Bytes);
            var made = await objects.UseOriginalAsync(image.Image.Bronze, transform.ApplyInTurnAsync, cancellationToken);
            if (Convert.ToHexStringLower(SHA256.HashData(made.Jpeg.Span)) != fact.Sha256)
                return "Made again from its original it has other bytes: another version of Assay or of its libraries made it.";
            await objects.WriteAllAsync(Layer.Silver, fact.SilverBucket, fact.SilverKey, made.Jpeg, "image/jpeg", cancellationToken);
            return null;
        }
        catch (InvalidImageException refusal)
        {
            return $"These settings refuse its original: {refusal.Detail}";
        }
        catch (Exception exception) when (exception is ObjectMissingException or InvalidDataException)
        {
            return $"Its original is not intact: {exception.Message}";
        }
    }

    private async Task<string?> MendGoldAsync(ImageFacts image, ObjectReference gold, CancellationToken cancellationToken)
    {
        if (image.SilverOfGold is not { } silver || silver.Sha256 != gold.Sha256)
            return "The catalog does not have the silver image that it was copied from.";
        if (!await objects.IsIntactAsync(silver.Silver, cancellationToken) && await MendSilverAsync(image, silver, cancellationToken) is { } reason)
            return $"Its silver image cannot be mended. {reason}";
        await objects.CopyAsync(silver.SilverBucket, silver.SilverKey, gold.Bucket, gold.Key, cancellationToken);
        return null;
    }

    private async Task<string?> MendQuarantineAsync(ImageFacts image, ObjectReference copy, CancellationToken cancellationToken)
    {
        if (!await objects.IsIntactAsync(image.Image.Bronze, cancellationToken))
            return "Its original is not intact.";
        await objects.CopyAsync(image.Image.BronzeBucket, image.Image.BronzeKey, copy.Bucket, copy.Key, cancellationToken);
        return null;
    }

    private async Task<string?> MendSidecarAsync(ImageFacts image, ExpectedObject broken, CancellationToken cancellationToken)
    {
        if (image.ToSidecar() is not { } sidecar)
            return "The catalog does not have the silver image that gold was copied from.";
        await objects.WriteAllAsync(Layer.Gold, broken.Bucket, broken.Key, sidecar.ToJson(), "application/json", cancellationToken);
        return null;
    }
}
