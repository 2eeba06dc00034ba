using Assay.Contracts;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;

namespace Assay.Classify;

/// <summary>A prediction as the catalog keeps it.</summary>
internal static class PredictionFacts
{
    /// <summary>The id of what this package answers about an image: the same whoever asks, however often.</summary>
    public static Guid PredictionId(this ModelPackage package, Guid imageId, string recipe) =>
        ImageIdentity.Derive(imageId, recipe, package.Identity.Sha256, package.PreprocessingHash, package.LabelMapHash, PredictionFact.Active);

    public static PredictionFact ToFact(this Prediction prediction, ModelPackage package, ImageEnriched image, PredictionFact? twin, TimeSpan duration, DateTime predictedAt) => new()
    {
        Id = package.PredictionId(image.ImageId, image.Recipe),
        ImageId = image.ImageId,
        Recipe = image.Recipe,
        Model = package.Identity.Name,
        ModelVersion = package.Identity.Version,
        ModelSha256 = package.Identity.Sha256,
        PreprocessingHash = package.PreprocessingHash,
        LabelMapHash = package.LabelMapHash,
        Role = PredictionFact.Active,
        Label = prediction.Label,
        Confidence = prediction.Confidence,
        Accepted = prediction.Accepted,
        Scores = prediction.Scores,
        DurationMs = duration.TotalMilliseconds,
        PredictedAt = predictedAt,
        TwinOf = twin?.ImageId,
    };
}
