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
    private readonly ObjectCheck check = new(place, grace, place.Services.GetRequiredService<TimeProvider>(), output);
    private readonly ObjectCheck checkMended = new(place, TimeSpan.Zero, place.Services.GetRequiredService<TimeProvider>(), output);

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
            var images = await ImageFacts.ReadAsync(place.Catalog, ids, cancellationToken);
            var read = images.Select(image => image.Image.Id).Where(sample.Next).ToHashSet();
            foreach (var image in images)
                output.Look(image.Objects.Count(), read.Contains(image.Image.Id));
            var suspects = await CheckAsync(images, read, _ => true, cancellationToken);
            if (suspects.Count > 0)
                await JudgeAsync(suspects, read, cancellationToken);
            last = ids[^1];
        }
    }

    private async Task JudgeAsync(IReadOnlyList<Suspect> suspects, HashSet<Guid> read, CancellationToken cancellationToken)
    {
        var known = suspects.Select(suspect => (suspect.Expected.Bucket, suspect.Expected.Key)).ToHashSet();
        var images = await ImageFacts.ReadAsync(place.Catalog, [.. suspects.Select(suspect => suspect.Image.Image.Id).Distinct()], cancellationToken);
        foreach (var (image, expected, finding) in await CheckAsync(images, read, expected => known.Contains((expected.Bucket, expected.Key)), cancellationToken))
            output.Add(mender is null ? finding : await MendAsync(finding, image, expected, cancellationToken));
    }

    // In the order of the facts' objects, so that what others are made from comes first.
    private async Task<IReadOnlyList<Suspect>> CheckAsync(
        IReadOnlyList<ImageFacts> images, HashSet<Guid> read, Func<ExpectedObject, bool> isWanted, CancellationToken cancellationToken)
    {
        var objects = images.SelectMany(image => image.Objects.Where(isWanted).Select(expected => (Image: image, Expected: expected))).ToList();
        var suspects = new Suspect?[objects.Count];
        await Parallel.ForAsync(0, objects.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, token) =>
        {
            var (image, expected) = objects[i];
            if (await check.FindAsync(image, expected, read.Contains(image.Image.Id), token) is { } finding)
                suspects[i] = new Suspect(image, expected, finding);
        });
        return [.. suspects.OfType<Suspect>()];
    }

    private async Task<Finding> MendAsync(Finding finding, ImageFacts image, ExpectedObject broken, CancellationToken cancellationToken)
    {
        if (await mender!.MendAsync(image, broken, cancellationToken) is { } reason)
            return finding with { Detail = $"{finding.Detail} {reason}" };
        // The facts once more: a stage may have said something new about the image meanwhile, which its sidecar must have, too.
        var now = (await ImageFacts.ReadAsync(place.Catalog, [image.Image.Id], cancellationToken)).Single();
        return await checkMended.FindAsync(now, broken, read: true, cancellationToken) ?? finding with { Mended = true };
    }

    private async Task LookForFactsAsync(string layer, CancellationToken cancellationToken)
    {
        await foreach (var page in place.Objects.ListAsync(layers.BucketOf(layer), prefix: "", cancellationToken).Chunk(Page).WithCancellation(cancellationToken))
        {
            foreach (var suspect in await WithoutFactAsync(layer, page, cancellationToken))
            {
                if (suspect.LastModified > clock.GetUtcNow().UtcDateTime - grace)
                    output.LeaveOut(wasToBeRead: false);
                else if (await place.Objects.FindAsync(suspect.Bucket, suspect.Key, cancellationToken) is { } found && (await WithoutFactAsync(layer, [found], cancellationToken)).Count > 0)
                    output.Add(new Finding(
                        Finding.WithoutFact, layer, place.PlaceOf(found.Bucket, found.Key), IdOf(found.Key),
                        $"The catalog does not know it. It was written on {found.LastModified:yyyy-MM-dd HH:mm:ss} UTC.{await AdviceAsync(layer, IdOf(found.Key), cancellationToken)}",
                        Mended: false));
            }
        }
    }

    private async Task<string> AdviceAsync(string layer, Guid? id, CancellationToken cancellationToken)
    {
        var isLost = id is { } image && await place.Catalog.HasLostAsync(image, cancellationToken);
        return (layer == Layer.Bronze ? " It may be the only copy of an original: do not remove it." : "")
            + (isLost ? " The catalog has other results of its image: see what without-image says about it." : "");
    }

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

    private async Task LookForImagesAsync(CancellationToken cancellationToken)
    {
        var last = Guid.Empty;
        while (await place.Catalog.FindLostImages().Where(id => id.CompareTo(last) > 0).OrderBy(id => id).Take(Page).ToListAsync(cancellationToken) is { Count: > 0 } ids)
        {
            foreach (var id in ids)
                output.Add(new Finding(Finding.WithoutImage, Finding.Catalog, Object: null, id, $"The catalog has results of this image, but not the image. {place.WayBack}", Mended: false));
            last = ids[^1];
        }
    }

    // Every key ends in the image's id and an extension.
    private static Guid? IdOf(string key) => Guid.TryParseExact(Path.GetFileNameWithoutExtension(key), "D", out var id) ? id : null;

    private sealed record Suspect(ImageFacts Image, ExpectedObject Expected, Finding Finding);
}
