using System.Text;
using Assay.Classify;
using Assay.Trainer.Drawing;
using Assay.Trainer.Network;

namespace Assay.Trainer.Package;

/// <summary>MODEL-CARD.md: what a model answers, what it is meant for, what it was trained on, how good it is, how it was made.</summary>
/// <param name="options">How it was trained.</param>
/// <param name="data">What it was trained and judged on.</param>
/// <param name="start">What training started from.</param>
/// <param name="package">The model.</param>
/// <param name="judged">What it answered about the pictures that it is judged on.</param>
/// <param name="spare">Of these, the ones that temperature and thresholds were not fitted on.</param>
/// <param name="known">What it answered about validation pictures of the sources that it was trained on.</param>
/// <param name="leftOut">What networks answered about the sources that they were trained without.</param>
/// <param name="fitted">What temperature and thresholds were fitted on.</param>
internal sealed class ModelCard(
    TrainOptions options, TrainingData data, ModelManifest start, ModelPackage package, Evaluation judged, Evaluation spare, Evaluation? known, LeftOutSources leftOut, Evaluation fitted)
{
    private const double AccuracyGoal = 0.9;
    private const double LabelGoal = 0.8;
    private const double CalibrationGoal = 0.05;
    private const double AcceptedGoal = 0.75;
    private const double AcceptedAccuracyGoal = 0.97;
    private const double BytesGoal = 5e6;
    private const double MillisecondsGoal = 10;
    private const int CalibrationRanges = 10;
    private const int Gallery = 12;

    private readonly StringBuilder text = new();
    private readonly ModelManifest manifest = package.Manifest;

    // On answers about other sources than those that it is judged on.
    private readonly bool isFittedElsewhere = leftOut.Pictures.Count > 0;

    /// <summary>The whole card.</summary>
    /// <param name="inference">Milliseconds that an inference takes.</param>
    /// <param name="answer">Milliseconds that an answer takes, with decoding and resizing.</param>
    /// <param name="training">How long making the model took.</param>
    public string Write(double inference, double answer, TimeSpan training)
    {
        Line($"# {manifest.Name} {manifest.Version}");
        Line();
        Line($"Answers \"{manifest.Question}\" with one of {string.Join(", ", manifest.Labels)}.");
        Line($"Input {manifest.Input.Width} × {manifest.Input.Height} pixels, {new FileInfo(package.ModelPath).Length / 1000.0:0} kB, {inference:0.0} ms an inference on one core, {answer:0.0} ms with decoding and resizing the largest file. Licence: {manifest.Licence}.");
        Line();
        Use();
        Accuracy();
        Confusion();
        Goals(answer);
        Thresholds();
        BySource();
        Mistakes();
        Weaknesses();
        Data();
        Line("## Made with");
        Line();
        Line("```");
        Line(options.Command);
        Line("```");
        Line();
        Line("The same pictures, start, seed and fonts give the same weights. The command checks that the exported file gives the same probabilities as the trained network");
        Line($"(to 0.0001) and that the classify stage accepts the package; the figures above are the exported file's, asked the way the stage asks it. It took {training.TotalMinutes:0} minutes on {Environment.ProcessorCount} cores.");
        return text.ToString();
    }

    private void Line(string line = "") => text.Append(line).Append('\n');

    private void Use()
    {
        Line("## Intended use");
        Line();
        Line("A first sorting of images, where a wrong answer costs a person a look: routing to the next step, choosing what to review, counting. Its doubts (below the threshold,");
        Line("a small margin, an unfamiliar picture) are for people to decide. Not for decisions about persons, and not for whether an image is genuine, lawful or safe to open.");
        Line();
    }

    private void Accuracy()
    {
        Line("## Accuracy");
        Line();
        Line(options.Unseen.Count == 0
            ? $"On {judged.Count} validation pictures, which come from the same sources as the training pictures and therefore flatter: {Percent(judged.Accuracy)}."
            : $"On {judged.Count} pictures from sources of which nothing was trained on ({string.Join(", ", options.Unseen)}): **{Percent(judged.Accuracy)}**, or {Percent(judged.BalancedAccuracy)} if every label counts the same.");
        if (known is not null)
            Line($"On {known.Count} validation pictures from the same sources as the training pictures, which flatter, and by which training chose when to stop: {Percent(known.Accuracy)}.");
        Line();
        Line("| label | pictures | found (recall) | right when said (precision) |");
        Line("| --- | ---: | ---: | ---: |");
        for (var label = 0; label < judged.Labels.Count; label++)
            Line($"| {judged.Labels[label]} | {judged.Targets.Count(target => target == label)} | {Percent(judged.Recall(label))} | {Percent(judged.Precision(label))} |");
        Line();
    }

    private void Goals(double answer)
    {
        var (worst, recall) = Enumerable.Range(0, judged.Labels.Count).Where(label => judged.Targets.Contains(label)).Select(label => (judged.Labels[label], judged.Recall(label))).MinBy(label => label.Item2);
        var error = spare.CalibrationError(CalibrationRanges);
        var accepted = spare.CoverageCurve().First(point => point.Accepted >= AcceptedGoal);
        Line("## Goals");
        Line();
        Line($"What is asked of a model that everybody gets. Calibration and the surest are about {(isFittedElsewhere ? "these pictures, too: nothing was fitted on their sources" : "the half of the pictures that nothing was fitted on")}.");
        Line();
        Line("| | goal | reached | |");
        Line("| --- | ---: | ---: | --- |");
        Goal("right", $"≥ {Percent(AccuracyGoal)}", Percent(judged.Accuracy), judged.Accuracy >= AccuracyGoal);
        Goal($"found of the label found least ({worst})", $"≥ {Percent(LabelGoal)}", Percent(recall), recall >= LabelGoal);
        Goal("expected calibration error", $"≤ {CalibrationGoal:0.00}", $"{error:0.000}", error <= CalibrationGoal);
        Goal(
            $"right among the surest {Percent(AcceptedGoal)}", $"≥ {Percent(AcceptedAccuracyGoal)}", $"{Percent(accepted.Accuracy)} (from {accepted.Confidence:0.00})",
            accepted.Accuracy >= AcceptedAccuracyGoal);
        var bytes = new FileInfo(package.ModelPath).Length;
        Goal("size", $"≤ {BytesGoal / 1e6:0} MB", $"{bytes / 1e6:0.0} MB", bytes <= BytesGoal);
        Goal("an answer on one core, with decoding and resizing", $"≤ {MillisecondsGoal:0} ms", $"{answer:0.0} ms", answer <= MillisecondsGoal);
        Line();

        void Goal(string what, string goal, string reached, bool isReached) => Line($"| {what} | {goal} | {reached} | {(isReached ? "reached" : "**missed**")} |");
    }

    private void Confusion()
    {
        Line("Rows: what it is; columns: what the model said.");
        Line();
        Line($"| | {string.Join(" | ", judged.Labels)} |");
        Line($"| --- |{string.Concat(judged.Labels.Select(_ => " ---: |"))}");
        for (var target = 0; target < judged.Labels.Count; target++)
            Line($"| {judged.Labels[target]} | {string.Join(" | ", Enumerable.Range(0, judged.Labels.Count).Select(answer => judged.Confused(target, answer)))} |");
        Line();
    }

    private void Thresholds()
    {
        Line("## Confidence and thresholds");
        Line();
        Line($"Temperature ({manifest.Output.Temperature:0.00}) and thresholds, such that accepted answers are right in {Percent(Calibration.Goal)}, were fitted on {fitted.Count} {(isFittedElsewhere ? "pictures of other sources, each answered by a network that was trained without its source" : "of these pictures")}.");
        Line($"The table is about the {spare.Count} pictures {(isFittedElsewhere ? "above" : "that are left")}. The package's own thresholds are {string.Join(", ", manifest.Thresholds.Select(pair => $"{pair.Key} {pair.Value:0.00}"))}.");
        Line();
        Line("| accepted from | accepted | right among accepted |");
        Line("| --- | ---: | ---: |");
        Row("the package's thresholds", i => spare.Confidence(i) >= manifest.ThresholdOf(spare.Labels[spare.Top(i)]));
        foreach (var threshold in (double[])[0.5, 0.6, 0.7, 0.8, 0.9])
            Row($"{threshold:0.0}", i => spare.Confidence(i) >= threshold);
        Line();

        void Row(string name, Func<int, bool> accepts)
        {
            var accepted = spare.Only(accepts);
            Line($"| {name} | {Percent((double)accepted.Count / spare.Count)} | {Percent(accepted.Accuracy)} |");
        }
    }

    private void BySource()
    {
        Line("## By source");
        Line();
        Line("What the model answered about the pictures that it is judged on:");
        Line();
        Sources([.. SourceAnswers.Of(data.Judge.Pictures, i => judged.Top(i) == judged.Targets[i])]);
        if (!isFittedElsewhere)
            return;
        Line($"And what {options.LeaveOut} other networks answered about the sources that each was trained without, in the same way otherwise{(options.LeaveOutBatches == options.Batches ? "" : $" but for {options.LeaveOutBatches} batches instead of {options.Batches}")}: {Percent(fitted.Accuracy)} of {fitted.Count} pictures rightly,");
        Line($"{Percent(fitted.BalancedAccuracy)} if every label counts the same. Pictures that the trainer drew with one of theirs in it (on a page or a screen, or turned into a drawing) were not left out.");
        Line();
        Sources([.. SourceAnswers.Of(leftOut.Pictures, i => fitted.Top(i) == fitted.Targets[i]).OrderBy(source => source.Source, StringComparer.Ordinal)]);
    }

    private void Sources(IReadOnlyList<SourceAnswers> answers)
    {
        Line("| source | label | pictures | right |");
        Line("| --- | --- | ---: | ---: |");
        foreach (var one in answers)
            Line($"| {one.Source} | {one.Label} | {one.Pictures} | {Percent((double)one.Right / one.Pictures)} |");
        Line();
    }

    private void Mistakes()
    {
        int[] surest = [.. Enumerable.Range(0, judged.Count).Where(i => judged.Top(i) != judged.Targets[i]).OrderByDescending(judged.Confidence).Take(Gallery)];
        if (surest.Length == 0)
            return;
        Line("## Where it is most sure and wrong");
        Line();
        Line("The pictures belong to their sources, and are not copied: each can be looked at there, in the version named.");
        Line();
        Line("| picture | it is | the model said | confidence |");
        Line("| --- | --- | --- | ---: |");
        foreach (var i in surest)
            Line($"| {data.Judge.Pictures[i].Source}: `{data.Judge.Pictures[i].Origin}` | {judged.Labels[judged.Targets[i]]} | {judged.Labels[judged.Top(i)]} | {judged.Confidence(i):0.00} |");
        Line();
    }

    private void Weaknesses()
    {
        Line("## Known weaknesses");
        Line();
        var pairs = from target in Enumerable.Range(0, judged.Labels.Count)
                    from answer in Enumerable.Range(0, judged.Labels.Count)
                    let count = judged.Confused(target, answer)
                    where target != answer && count > 0
                    orderby count descending
                    select $"{judged.Labels[target]} taken for {judged.Labels[answer]} ({count})";
        Line($"- Most frequent mistakes: {string.Join(", ", pairs.Take(5))}.");
        Line("- It always answers one of its labels, also for a picture of none of these kinds; a low confidence or a high energy is the only hint.");
        Line($"- It sees {options.Side} × {options.Side} pixels: small print, thin lines and anything that fills little of a large picture are lost on it.");
        Line("- The collected pictures come from few sources. Expect less on material that looks like none of them, and measure on your own before relying on it.");
        if (options.Rendered > 0)
        {
            Line("- Most charts, diagrams, documents and screenshots it was trained on were drawn by a program: clean layouts, text without meaning. Its photographs of paper and screens are made from these.");
            Line("- Mixed pictures (a dashboard of charts, a page with a large figure, a slide) are a matter of definition; it tends to name what fills most of the area.");
        }
        Line();
    }

    private void Data()
    {
        Line("## Training data");
        Line();
        var drawn = data.Train.Pictures.Count(picture => picture.IsDrawn);
        Line($"{data.Train.Count - drawn} collected pictures{(drawn == 0 ? "." : $", and {drawn} that the trainer makes: {Rendering.All.Count} sorts of charts, diagrams, documents, drawings and screens, {options.Rendered} of each,")}");
        if (drawn > 0)
        {
            Line("some scanned or photographed askew, and photos of the training set turned into pencil, poster and painted pictures (drawing). Screens and pages show pictures of the training set.");
        }
        Line("All went through the preprocess stage's transform first, as images in service do.");
        Line($"The collected pictures, by name and content: SHA-256 {data.Folder.Sha256}.");
        Line();
        Line($"Training started from {start.Name} {start.Version} (\"{start.Question}\"; licence: {start.Licence}; model.onnx: SHA-256 {start.Sha256}), whose weights have been fitted to other pictures:");
        Line($"SqueezeNet 1.1 (Iandola et al., 2016) without its last layer. The first convolution and the first {KindNetwork.Kept} of its modules are as they were.");
        Line();
        if (!data.Folder.Sources.Any())
            return;
        Line("Where each file comes from is in the data set's SOURCES.tsv; the licences are as stated there. Whether a picture's licence binds a model that was trained on it");
        Line("is not settled: who must be sure leaves the source out and trains again.");
        Line();
        Line("| source | licence | pictures | used for |");
        Line("| --- | --- | ---: | --- |");
        foreach (var (source, licence, count) in data.Folder.Sources)
            Line($"| {source} | {licence} | {count} | {(options.Unseen.Contains(source) ? "judging only" : "training (and validation)")} |");
        Line();
    }

    private static string Percent(double share) => $"{share * 100:0.#} %";
}
