using Assay.Contracts;
using Assay.Classify;
using Assay.Enrich;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Objects;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded.Verify;

/// <summary>An object that the catalog says is there.</summary>
/// <param name="Layer">Its layer, or <see cref="Finding.Sidecar"/>.</param>
/// <param name="Bucket">Its bucket.</param>
/// <param name="Key">Its key.</param>
/// <param name="Content">Its size and SHA-256; null for a sidecar, which is known by what it says.</param>
internal sealed record ExpectedObject(string Layer, string Bucket, string Key, ObjectReference? Content);

/// <summary>What the catalog says about one image and its objects.</summary>
/// <param name="Image">The image.</param>
/// <param name="Cleansed">Its silver images, one a recipe.</param>
/// <param name="Gold">Its gold image: of several the newest, because all have the same key.</param>
/// <param name="Checks">The quality checks beside that.</param>
/// <param name="Answers">The answers of active models about that gold image, the newest first.</param>
/// <param name="Rejections">Its rejections, one a stage.</param>
internal sealed record ImageFacts(
    ImageFact Image, IReadOnlyList<CleansedFact> Cleansed, EnrichedFact? Gold, IReadOnlyList<QualityFact> Checks, IReadOnlyList<PredictionFact> Answers, IReadOnlyList<RejectionFact> Rejections)
{
    /// <summary>Every object, each after those that it is made from.</summary>
    public IEnumerable<ExpectedObject> Objects
    {
        get
        {
            yield return Expect(Image.Bronze);
            foreach (var fact in Cleansed)
                yield return Expect(fact.Silver);
            if (Gold is not null)
            {
                yield return Expect(Gold.Gold);
                yield return new ExpectedObject(Finding.Sidecar, Gold.GoldBucket, Gold.SidecarKey, Content: null);
            }
            foreach (var fact in Rejections)
                yield return Expect(Image.Bronze with { Layer = Layer.Quarantine, Bucket = fact.QuarantineBucket, Key = fact.QuarantineKey });
        }
    }

    /// <summary>The silver image that gold was made from; null where the catalog does not have it.</summary>
    public CleansedFact? SilverOfGold => Cleansed.FirstOrDefault(fact => fact.Recipe == Gold?.Recipe);

    /// <summary>What the sidecar must say; null where the catalog does not have all of it.</summary>
    /// <param name="said">
    /// What it says now: of the answers of one model's versions it may have any, as another version may have become active since; and what a model says before its
    /// fact is there, it will say then.
    /// </param>
    public Sidecar? ToSidecar(Sidecar? said = null)
    {
        if (Gold is null || SilverOfGold is not { } silver)
            return null;
        var answers = Answers.Select(fact => fact.ToSidecar()).ToList();
        var kept = said?.Classifications.Where(one => answers.Contains(one) || answers.All(answer => answer.Model.Name != one.Model.Name)).ToList() ?? [];
        var newest = answers.Where(answer => kept.All(one => one.Model.Name != answer.Model.Name)).DistinctBy(answer => answer.Model.Name);
        return SidecarFacts.ToSidecar(Image, silver, Gold, Checks).WithAnswers([.. kept, .. newest]);
    }

    /// <summary>Reads the facts of some images, in the order of the ids.</summary>
    public static async Task<IReadOnlyList<ImageFacts>> ReadAsync(CatalogContext catalog, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var images = await catalog.Images.AsNoTracking().Where(fact => ids.Contains(fact.Id)).OrderBy(fact => fact.Id).ToListAsync(cancellationToken);
        var cleansed = (await catalog.Cleansed.AsNoTracking().Where(fact => ids.Contains(fact.ImageId)).ToListAsync(cancellationToken)).ToLookup(fact => fact.ImageId);
        var enriched = (await catalog.Enrichments.AsNoTracking().Where(fact => ids.Contains(fact.ImageId)).ToListAsync(cancellationToken)).ToLookup(fact => fact.ImageId);
        var checks = (await catalog.QualityChecks.AsNoTracking().Where(fact => ids.Contains(fact.ImageId)).ToListAsync(cancellationToken)).ToLookup(fact => fact.ImageId);
        var answers = (await catalog.Predictions.AsNoTracking().Where(fact => ids.Contains(fact.ImageId) && fact.Role == PredictionFact.Active).ToListAsync(cancellationToken)).ToLookup(fact => fact.ImageId);
        var rejections = (await catalog.Rejections.AsNoTracking().Where(fact => ids.Contains(fact.ImageId)).ToListAsync(cancellationToken)).ToLookup(fact => fact.ImageId);
        return [.. images.Select(image =>
        {
            var gold = enriched[image.Id].MaxBy(fact => (fact.EnrichedAt, fact.Enricher));
            return new ImageFacts(
                image, [.. cleansed[image.Id]], gold,
                [.. checks[image.Id].Where(fact => fact.Recipe == gold?.Recipe && fact.Enricher == gold.Enricher)],
                [.. answers[image.Id].Where(fact => fact.Recipe == gold?.Recipe).OrderByDescending(fact => fact.PredictedAt)],
                [.. rejections[image.Id]]);
        })];
    }

    private static ExpectedObject Expect(ObjectReference reference) => new(reference.Layer, reference.Bucket, reference.Key, reference);
}
