using System.Globalization;
using System.Text;
using Assay.Classify;

namespace Assay.Embedded.Training;

/// <summary>MODEL-CARD.md of a model that was trained here: what it answers, how right it is, what it was made of and how.</summary>
internal static class TrainedModelCard
{
    /// <summary>The card's file name.</summary>
    public const string File = "MODEL-CARD.md";

    private const int Ranges = 10;
    private const int MostMistakes = 10;

    /// <summary>Writes it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="start">The model whose last layer was replaced.</param>
    /// <param name="set">What it learnt from.</param>
    /// <param name="basis">Where that came from, in words.</param>
    /// <param name="seed">What the pictures were divided by.</param>
    public static string Write(TrainedModel model, ModelPackage start, TrainingSet set, string basis, int seed)
    {
        var (manifest, judged) = (model.Package.Manifest, model.Judged);
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

        Line($"# {manifest.Name} {manifest.Version}\n");
        Line($"Answers \"{manifest.Question}\" with one of {string.Join(", ", manifest.Labels)}. Licence: {manifest.Licence}.\n");
        Line($"It is {start.Identity.Name} {start.Identity.Version} (SHA-256 {start.Identity.Sha256}) with a new last layer. Learnt from: {basis}.\n");
        Line($"## How right it is\n");
        Line($"Of {judged.Count} pictures that it did not learn from, a fifth of each label: **{judged.Accuracy:P1}**, or {judged.BalancedAccuracy:P1} if every label counts the same.");
        Line($"They come from where the others come from, which flatters: judge it on pictures of another origin before you rely on it.\n");
        Line($"| label | learnt from | judged on | found (recall) | right when said (precision) |\n| --- | ---: | ---: | ---: | ---: |");
        foreach (var (label, name) in manifest.Labels.Index())
        {
            var (known, called) = (judged.Targets.Count(target => target == label), Enumerable.Range(0, judged.Count).Count(i => judged.Top(i) == label));
            Line($"| {name.Replace("|", "\\|", StringComparison.Ordinal)} | {set.Learn.Count(sample => sample.Picture.Label == name)} | {known} | {Percent(judged.Recall(label), known)} | {Percent(judged.Precision(label), called)} |");
        }
        Line($"\n## What its confidence means\n");
        if (model.Spare is { } spare)
        {
            var accepted = spare.Only(i => spare.Confidence(i) >= manifest.ThresholdOf(manifest.Labels[spare.Top(i)]));
            Line($"Temperature ({manifest.Output.Temperature:0.00}) and thresholds were fitted on one half of these pictures such that accepted answers are right in {Calibration.Goal:P0}, where that can be had. Of the other");
            Line($"half ({spare.Count} pictures) {Percent((double)accepted.Count / Math.Max(1, spare.Count), spare.Count)} are accepted, and {Percent(accepted.Accuracy, accepted.Count)} of those are right; the expected calibration error is {spare.CalibrationError(Ranges):0.000}.\n");
        }
        else
        {
            Line($"Little: there were fewer than {TrainedModel.FewestToFitOn} pictures to fit temperature and thresholds on. It is as the layer says, and accepted from {manifest.Thresholds[ModelManifest.DefaultThreshold]:P0}.\n");
        }
        Line($"## What it mistakes\n");
        var mistakes = Enumerable.Range(0, judged.Count).Where(i => judged.Top(i) != judged.Targets[i])
            .CountBy(i => (Target: manifest.Labels[judged.Targets[i]], Answer: manifest.Labels[judged.Top(i)])).OrderByDescending(pair => pair.Value).Take(MostMistakes).ToList();
        foreach (var ((target, answer), count) in mistakes)
            Line($"- {target}, said to be {answer}: {count}");
        Line($"{(mistakes.Count == 0 ? "- Nothing in these pictures.\n" : "")}\nIt always answers one of its labels, also for a picture of none of them: a low confidence or a high energy is the only hint.\n");
        Line($"## Made with\n\n`assay train`, seed {seed}. The same pictures, base and seed give the same weights on the same kind of processor.");
        return text.ToString();
    }

    /// <summary>A share as people read it; of none there is no share.</summary>
    internal static string Percent(double share, int of) => of == 0 ? "–" : share.ToString("P1", CultureInfo.InvariantCulture);
}
