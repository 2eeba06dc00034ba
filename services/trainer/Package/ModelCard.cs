using System.Text;
using Assay.Classify;
using Assay.Trainer.Drawing;

namespace Assay.Trainer.Package;

/// <summary>MODEL-CARD.md: what a model answers, what it was trained on, how good it is, how it was made.</summary>
internal static class ModelCard
{
    public static string Write(TrainOptions options, TrainingData data, ModelManifest manifest, Evaluation judged, Evaluation spare, Evaluation? known, long bytes, double milliseconds)
    {
        var text = new StringBuilder();
        void Line(string line = "") => text.Append(line).Append('\n');

        Line($"# {manifest.Name} {manifest.Version}");
        Line();
        Line($"Answers \"{manifest.Question}\" with one of {string.Join(", ", manifest.Labels)}.");
        Line($"Input {manifest.Input.Width} × {manifest.Input.Height} pixels, {bytes / 1000.0:0} kB, {milliseconds:0.0} ms an inference on one core. Licence: {manifest.Licence}.");
        Line();
        Accuracy(Line, options, judged, known);
        Confusion(Line, judged);
        Thresholds(Line, manifest, spare);
        Weaknesses(Line, options, judged);
        Data(Line, options, data);
        Line("## Made with");
        Line();
        Line("```");
        Line(options.Command);
        Line("```");
        Line();
        Line("The same seed, fonts and number of cores give the same weights. The command checks that the exported file gives the same probabilities as the trained network");
        Line("(to 0.0001) and that the classify stage accepts the package; the figures above are the exported file's, asked the way the stage asks it.");
        return text.ToString();
    }

    private static void Accuracy(Action<string> line, TrainOptions options, Evaluation judged, Evaluation? known)
    {
        line("## Accuracy");
        line("");
        line(options.Unseen.Count == 0
            ? $"On {judged.Count} validation pictures, which come from the same sources as the training pictures and therefore flatter: {Percent(judged.Accuracy)}."
            : $"On {judged.Count} pictures from sources of which nothing was trained on ({string.Join(", ", options.Unseen)}): **{Percent(judged.Accuracy)}**, or {Percent(judged.BalancedAccuracy)} if every label counts the same.");
        if (known is not null)
            line($"On {known.Count} validation pictures from the same sources as the training pictures, which flatter: {Percent(known.Accuracy)}.");
        line("");
        line("| label | pictures | found (recall) | right when said (precision) |");
        line("| --- | ---: | ---: | ---: |");
        for (var label = 0; label < judged.Labels.Count; label++)
            line($"| {judged.Labels[label]} | {judged.Targets.Count(target => target == label)} | {Percent(judged.Recall(label))} | {Percent(judged.Precision(label))} |");
        line("");
    }

    private static void Confusion(Action<string> line, Evaluation judged)
    {
        line("Rows: what it is; columns: what the model said.");
        line("");
        line($"| | {string.Join(" | ", judged.Labels)} |");
        line($"| --- |{string.Concat(judged.Labels.Select(_ => " ---: |"))}");
        for (var target = 0; target < judged.Labels.Count; target++)
            line($"| {judged.Labels[target]} | {string.Join(" | ", Enumerable.Range(0, judged.Labels.Count).Select(answer => judged.Confused(target, answer)))} |");
        line("");
    }

    private static void Thresholds(Action<string> line, ModelManifest manifest, Evaluation spare)
    {
        line("## Confidence and thresholds");
        line("");
        line($"Temperature ({manifest.Output.Temperature:0.00}) and thresholds were fitted on one half of these pictures, such that accepted answers are right in {Percent(Calibration.Goal)};");
        line($"the table is about the other half ({spare.Count} pictures). The package's own thresholds are {string.Join(", ", manifest.Thresholds.Select(pair => $"{pair.Key} {pair.Value:0.00}"))}.");
        line("");
        line("| accepted from | accepted | right among accepted |");
        line("| --- | ---: | ---: |");
        Row("the package's thresholds", i => spare.Confidence(i) >= manifest.ThresholdOf(spare.Labels[spare.Top(i)]));
        foreach (var threshold in (double[])[0.5, 0.6, 0.7, 0.8, 0.9])
            Row($"{threshold:0.0}", i => spare.Confidence(i) >= threshold);
        line("");

        void Row(string name, Func<int, bool> accepts)
        {
            var accepted = spare.Only(accepts);
            line($"| {name} | {Percent((double)accepted.Count / spare.Count)} | {Percent(accepted.Accuracy)} |");
        }
    }

    private static void Weaknesses(Action<string> line, TrainOptions options, Evaluation judged)
    {
        line("## Known weaknesses");
        line("");
        var pairs = from target in Enumerable.Range(0, judged.Labels.Count)
                    from answer in Enumerable.Range(0, judged.Labels.Count)
                    let count = judged.Confused(target, answer)
                    where target != answer && count > 0
                    orderby count descending
                    select $"{judged.Labels[target]} taken for {judged.Labels[answer]} ({count})";
        line($"- Most frequent mistakes: {string.Join(", ", pairs.Take(5))}.");
        line("- It always answers one of its labels, also for a picture of none of these kinds; a low confidence is the only hint.");
        line($"- It sees {options.Side} × {options.Side} pixels: small print, thin lines and anything that fills little of a large picture are lost on it.");
        line("- The collected pictures come from few sources. Expect less on material that looks like none of them, and measure on your own before relying on it.");
        if (options.Rendered > 0)
        {
            line("- Most charts, diagrams, documents and screenshots it was trained on were drawn by a program: Latin script, clean layouts. Photographed paper and screens are nearly absent.");
            line("- Mixed pictures (a dashboard of charts, a page with a large figure, a slide) are a matter of definition; it tends to name what fills most of the area.");
        }
        line("");
    }

    private static void Data(Action<string> line, TrainOptions options, TrainingData data)
    {
        line("## Training data");
        line("");
        var drawn = data.Train.Pictures.Where(picture => picture.Source.StartsWith("rendered ", StringComparison.Ordinal) || picture.Source.StartsWith("stylised ", StringComparison.Ordinal)).ToArray();
        line($"{data.Train.Count - drawn.Length} collected pictures{(drawn.Length == 0 ? "." : $", and {drawn.Length} that the trainer makes: {Rendering.All.Count} sorts of charts, diagrams, documents, drawings and screens, {options.Rendered} of each,")}");
        if (drawn.Length > 0)
            line("and photos of the training set turned into pencil, poster and painted pictures (drawing). Screens and pages show pictures of the training set.");
        line("All went through the preprocess stage's transform first, as images in service do.");
        line("");
        if (!data.Folder.Sources.Any())
            return;
        line("Where each file comes from is in the data set's SOURCES.tsv; the licences are as stated there. Whether a picture's licence binds a model that was trained on it");
        line("is not settled: who must be sure leaves the source out and trains again.");
        line("");
        line("| source | licence | pictures | used for |");
        line("| --- | --- | ---: | --- |");
        foreach (var (source, licence, count) in data.Folder.Sources)
            line($"| {source} | {licence} | {count} | {(options.Unseen.Contains(source) ? "judging only" : "training (and validation)")} |");
        line("");
    }

    private static string Percent(double share) => $"{share * 100:0.#} %";
}
