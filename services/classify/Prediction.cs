namespace Assay.Classify;

/// <summary>What a model says about one image.</summary>
/// <param name="Label">The label with the highest score; the first of them where several are equal.</param>
/// <param name="Confidence">Its score, 0 to 1.</param>
/// <param name="Accepted">Whether the confidence reaches the package's threshold for this label; if not, a person should look.</param>
/// <param name="Scores">All scores, in the order of the package's labels.</param>
public sealed record Prediction(string Label, double Confidence, bool Accepted, float[] Scores)
{
    /// <summary>What a package makes of scores.</summary>
    public static Prediction Of(float[] scores, ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var top = Classify.Scores.Top(scores);
        var label = manifest.Labels[top];
        return new Prediction(label, scores[top], scores[top] >= manifest.ThresholdOf(label), scores);
    }
}
