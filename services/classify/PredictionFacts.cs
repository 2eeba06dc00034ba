using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Objects;

namespace Assay.Classify;

/// <summary>A prediction as the catalog keeps it.</summary>
public static class PredictionFacts
{
    /// <summary>The id of what this package answers about an image: the same whoever asks, however often.</summary>
    public static Guid PredictionId(this ModelPackage package, Guid imageId, string recipe, string role)
    {
        ArgumentNullException.ThrowIfNull(package);
        return ImageIdentity.Derive(imageId, recipe, package.Sha256, role);
    }

    /// <summary>What a package has answered.</summary>
    public static PredictionFact ToFact(this Prediction prediction, ModelPackage package, Guid imageId, string recipe, string role, TimeSpan duration, DateTime predictedAt, string? traceId) => new()
    {
        Id = package.PredictionId(imageId, recipe, role),
        ImageId = imageId,
        Recipe = recipe,
        Model = package.Identity.Name,
        ModelVersion = package.Identity.Version,
        PackageSha256 = package.Sha256,
        ModelSha256 = package.Identity.Sha256,
        PreprocessingHash = package.PreprocessingHash,
        LabelMapHash = package.LabelMapHash,
        Role = role,
        Label = prediction.Label,
        Confidence = prediction.Confidence,
        Accepted = prediction.Accepted,
        Scores = prediction.Scores,
        Margin = prediction.Margin,
        Energy = prediction.Energy,
        Doubts = string.Join(',', prediction.Doubts),
        DurationMs = duration.TotalMilliseconds,
        PredictedAt = predictedAt,
        TraceId = traceId,
    };

    /// <summary>The same as the sidecar has it.</summary>
    public static SidecarClassification ToSidecar(this PredictionFact fact) => new(fact.Identity, fact.Label, fact.Confidence, fact.Accepted, fact.PredictedAt);
}
