using Assay.Platform.Catalog;

namespace Assay.Classify;

/// <summary>What a model says about one image.</summary>
/// <param name="Label">The label with the highest score; the first of them where several are equal.</param>
/// <param name="Confidence">Its score, 0 to 1.</param>
/// <param name="Accepted">Whether the confidence reaches the package's threshold for this label.</param>
/// <param name="Scores">All scores, in the order of the package's labels.</param>
/// <param name="Margin">By how much the highest score exceeds the second, 0 to 1.</param>
/// <param name="Energy">How little the image resembles what the model has learnt (<see cref="ReviewSpecification.Energy"/>); null where the model has no logits.</param>
/// <param name="Doubts">Why a person should look (<see cref="Doubt"/>); empty where nothing speaks for it.</param>
public sealed record Prediction(string Label, double Confidence, bool Accepted, float[] Scores, double Margin, double? Energy, IReadOnlyList<string> Doubts)
{
    /// <summary>What a package makes of scores.</summary>
    public static Prediction Of(float[] scores, double? energy, ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var top = Classify.Scores.Top(scores);
        var (label, margin) = (manifest.Labels[top], Classify.Scores.Margin(scores));
        var accepted = scores[top] >= manifest.ThresholdOf(label);
        List<string> doubts = [];
        if (!accepted)
            doubts.Add(Doubt.LowConfidence);
        if (margin < manifest.Review?.Margin)
            doubts.Add(Doubt.SmallMargin);
        if (energy > manifest.Review?.Energy)
            doubts.Add(Doubt.OutOfDistribution);
        return new Prediction(label, scores[top], accepted, scores, margin, energy, doubts);
    }
}
