using System.Collections.Concurrent;
using Assay.Platform.Objects;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded.Verify;

/// <summary>
/// Compares layers and catalog, both ways: a page of images at a time the store is asked for their objects, and a page of each listing at a time the catalog is
/// asked for their facts. Whatever is suspected is asked for once more, in both, before it is a finding: stages may be at work meanwhile.
/// </summary>
/// <param name="place">What is verified.</param>
/// <param name="sample">Whose objects are read, and not only asked for.</param>
/// <param name="grace">What was written within this time is not judged.</param>
/// <param name="mender">Mends what it can; null: nothing is mended.</param>
/// <param name="output">Is told what is found.</param>
internal sealed class Verification(Installation place, ImageSample sample, TimeSpan grace, Mender? mender, VerifyOutput output)
{
    private const int Page = 1000;
    private const int AtOnce = 4;

    private readonly TimeProvider clock = place.Services.GetRequiredService<TimeProvider>();
    private readonly ObjectsOptions layers = place.Services.GetRequiredService<ObjectsOptions>();
    private readonly ObjectCheck check = new(place, grace, place.Services.GetRequiredService<TimeProvider>());

    /// <summary>Looks at everything.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await LookForObjectsAsync(cancellationToken);
        foreach (var layer in Layer.All)
            await LookForFactsAsync(layer, cancellationToken);
        await LookForImagesAsync(cancellationToken);
    }

    private async Task LookForObjectsAsync(CancellationToken cancellationToken)
    {
        var last = Guid.Empty;
        while (await place.Catalog.Images.Where(image => image.Id.CompareTo(last) > 0).OrderBy(image => image.Id).Select(image => image.Id).Take(Page).ToListAsync(cancellationToken)
            is { Count: > 0 } ids)
        {
            var suspects = new ConcurrentBag<(Guid ImageId, ExpectedObject Expected, bool Read)>();
            var images = await ImageFacts.ReadAsync(place.Catalog, ids, cancellationToken);
            var expected = images.SelectMany(image =>
            {
                var read = sample.Next(image.Image.Id);
                output.Look(image.Objects.Count(), read);
                return image.Objects.Select(one => (Image: image, Expected: one, Read: read));
            });
            await Parallel.ForEachAsync(expected, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (one, token) =>
            {
                if (await check.FindAsync(one.Image, one.Expected, one.Read, token) is not null)
                    suspects.Add((one.Image.Image.Id, one.Expected, one.Read));
            });
            foreach (var suspect in suspects.GroupBy(one => one.ImageId))
                await JudgeAsync(suspect.Key, suspect.ToDictionary(one => (one.Expected.Bucket, one.Expected.Key), one => one.Read), cancellationToken);
            last = ids[^1];
        }
    }

    // In the order of the facts' objects, so that what others are made from is mended first.
    private async Task JudgeAsync(Guid imageId, Dictionary<(string Bucket, string Key), bool> suspects, CancellationToken cancellationToken)
    {
        foreach (var image in await ImageFacts.ReadAsync(place.Catalog, [imageId], cancellationToken))
        {
            foreach (var expected in image.Objects)
            {
                if (!suspects.TryGetValue((expected.Bucket, expected.Key), out var read) || await check.FindAsync(image, expected, read, cancellationToken) is not { } finding)
                    continue;
                output.Add(mender is null ? finding : await MendAsync(finding, image, expected, cancellationToken));
            }
        }
    }

    private async Task<Finding> MendAsync(Finding finding, ImageFacts image, ExpectedObject broken, CancellationToken cancellationToken)
    {
        if (await mender!.MendAsync(image, broken, cancellationToken) is { } reason)
            return finding with { Detail = $"{finding.Detail} {reason}" };
        // The facts once more: a stage may have said something new about the image meanwhile, which its sidecar must have, too.
        var now = (await ImageFacts.ReadAsync(place.Catalog, [image.Image.Id], cancellationToken)).Single();
        return await check.FindAsync(now, broken, read: true, cancellationToken) is { } still ? still : finding with { Mended = true };
    }

    private async Task LookForFactsAsync(string layer, CancellationToken cancellationToken)
    {
        await foreach (var page in place.Objects.ListAsync(layers.BucketOf(layer), prefix: "", cancellationToken).Where(IsOldEnough).Chunk(Page).WithCancellation(cancellationToken))
        {
            foreach (var suspect in await WithoutFactAsync(layer, page, cancellationToken))
            {
                if (await place.Objects.FindAsync(suspect.Bucket, suspect.Key, cancellationToken) is { } found && (await WithoutFactAsync(layer, [found], cancellationToken)).Count > 0)
                    output.Add(new Finding(
                        Finding.WithoutFact, layer, place.PlaceOf(found.Bucket, found.Key), IdOf(found.Key),
                        $"The catalog does not know it. It was written on {found.LastModified:yyyy-MM-dd HH:mm:ss} UTC.", Mended: false));
            }
        }
    }

    private bool IsOldEnough(StoredObject found) => found.LastModified <= clock.GetUtcNow().UtcDateTime - grace;

    private async Task<IReadOnlyList<StoredObject>> WithoutFactAsync(string layer, IReadOnlyList<StoredObject> page, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. page.Select(found => IdOf(found.Key)).OfType<Guid>().Distinct()];
        var catalog = place.Catalog;
        var keys = layer switch
        {
            Layer.Bronze => catalog.Images.Where(fact => ids.Contains(fact.Id)).Select(fact => fact.BronzeKey),
            Layer.Silver => catalog.Cleansed.Where(fact => ids.Contains(fact.ImageId)).Select(fact => fact.SilverKey),
            Layer.Gold => catalog.Enrichments.Where(fact => ids.Contains(fact.ImageId)).Select(fact => fact.GoldKey)
                .Concat(catalog.Enrichments.Where(fact => ids.Contains(fact.ImageId)).Select(fact => fact.SidecarKey)),
            Layer.Quarantine => catalog.Rejections.Where(fact => ids.Contains(fact.ImageId)).Select(fact => fact.QuarantineKey),
            _ => throw new ArgumentOutOfRangeException(nameof(layer), layer, "No such layer."),
        };
        var known = await keys.ToHashSetAsync(cancellationToken);
        return [.. page.Where(found => !known.Contains(found.Key))];
    }

    // The ledger's difference, by name.
    private async Task LookForImagesAsync(CancellationToken cancellationToken)
    {
        var catalog = place.Catalog;
        var facts = catalog.Cleansed.Select(fact => fact.ImageId)
            .Union(catalog.Enrichments.Select(fact => fact.ImageId))
            .Union(catalog.Predictions.Select(fact => fact.ImageId))
            .Union(catalog.Rejections.Select(fact => fact.ImageId));
        var strays = facts.Where(id => !catalog.Images.Any(image => image.Id == id));
        var last = Guid.Empty;
        while (await strays.Where(id => id.CompareTo(last) > 0).OrderBy(id => id).Take(Page).ToListAsync(cancellationToken) is { Count: > 0 } ids)
        {
            foreach (var id in ids)
                output.Add(new Finding(Finding.WithoutImage, Finding.Catalog, Object: null, id, "The catalog has results of this image and has not taken it in. Restore its row of the table images from a backup.", Mended: false));
            last = ids[^1];
        }
    }

    // Every key ends in the image's id and an extension.
    private static Guid? IdOf(string key) => Guid.TryParseExact(Path.GetFileNameWithoutExtension(key), "D", out var id) ? id : null;
}
