using System.Globalization;
using System.Net;
using System.Text;
using Assay.Classify;
using Assay.Embedded.Training;
using NetVips;

namespace Assay.Embedded.Models;

/// <summary>An <see cref="Evaluation"/> as an HTML page that needs nothing beside it: no script, no other file.</summary>
internal static class ReportPage
{
    /// <summary>How many ranges of confidence the reliability diagram has.</summary>
    public const int Ranges = 10;

    // A table of more columns nobody reads, and of a thousand labels it is a million cells.
    private const int MostColumns = 30;
    private const int MostPairs = 40;

    // A gallery that is looked at, and a page that still opens.
    private const int MostMistakes = 24;
    private const int ThumbnailSide = 160;

    // The charts' own measures, in pixels.
    private const int Side = 320, Edge = 44;

    private const string Style = """
        :root { color-scheme: light dark; --ink: #1d2430; --paper: #fff; --faint: #8a94a6; --line: #d8dde6; --good: #2b6cb0; --bad: #c2410c; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --paper: #14181f; --faint: #8a94a6; --line: #333b48; --good: #63b3ed; --bad: #fb923c; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1080px; margin: 2rem auto; padding: 0 1rem; }
        h1 { margin-bottom: 0; } h2 { margin-top: 2.5rem; } p { max-width: 75ch; }
        .figures { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 1.5rem 0; } .figures b { display: block; font-size: 1.9rem; line-height: 1.2; }
        .charts { display: flex; flex-wrap: wrap; gap: 2rem; } figure { margin: 0; max-width: 400px; } figcaption, .faint { color: var(--faint); font-size: .9em; }
        table { border-collapse: collapse; } th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: right; } th:first-child, td:first-child { text-align: left; }
        .wide { overflow-x: auto; } .gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(170px, 1fr)); gap: 1.2rem; } .gallery img { max-width: 160px; max-height: 160px; border: 1px solid var(--line); }
        .gallery div { font-size: .85em; overflow-wrap: anywhere; } svg text { font: 11px system-ui, sans-serif; fill: var(--faint); }
        """;

    /// <summary>The page.</summary>
    /// <param name="manifest">The model.</param>
    /// <param name="evaluation">What it said about each picture.</param>
    /// <param name="pictures">The pictures, in the same order.</param>
    /// <param name="basis">Where they come from, in words.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<string> WriteAsync(ModelManifest manifest, Evaluation evaluation, IReadOnlyList<KnownPicture> pictures, string basis, CancellationToken cancellationToken)
    {
        var title = Text($"{manifest.Name} {manifest.Version}");
        var accepted = evaluation.Only(i => evaluation.Confidence(i) >= manifest.ThresholdOf(evaluation.Labels[evaluation.Top(i)]));
        return Invariant($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title><style>{Style}</style></head><body>
            <h1>{title}</h1>
            <p>{Text(manifest.Question)} <span class="faint">Judged on {evaluation.Count:N0} pictures: {Text(basis)}.</span></p>
            <div class="figures">
            <div><b>{evaluation.Accuracy:P1}</b>right</div>
            <div><b>{evaluation.BalancedAccuracy:P1}</b>right if every label counts the same</div>
            <div><b>{evaluation.CalibrationError(Ranges):0.000}</b>expected calibration error</div>
            <div><b>{(double)accepted.Count / evaluation.Count:P1}</b>accepted by the thresholds</div>
            <div><b>{(accepted.Count == 0 ? "–" : accepted.Accuracy.ToString("P1", CultureInfo.InvariantCulture))}</b>right among those</div>
            </div>
            <h2>Can the confidence be believed?</h2>
            <div class="charts">
            <figure>{ReliabilityDiagram(evaluation)}<figcaption>Reliability: how often answers of a confidence are right, in ranges of a tenth. On the diagonal a confidence of 80 % is right in 80 of 100.</figcaption></figure>
            <figure>{CoverageDiagram(evaluation)}<figcaption>Coverage: accept the surest share of answers, and so many of them are right. The line ends where all are accepted.</figcaption></figure>
            </div>
            <h2>What is taken for what</h2>
            {(evaluation.Labels.Count > MostColumns ? PairTable(evaluation) : $"""
            <p class="faint">Rows: what it is. Columns: what the model says.</p>
            <div class="wide">{ConfusionTable(evaluation)}</div>
            """)}
            <h2>Label by label</h2>
            <div class="wide">{LabelTable(manifest, evaluation)}</div>
            <h2>The surest mistakes</h2>
            {await GalleryAsync(evaluation, pictures, cancellationToken)}
            </body></html>

            """);
    }

    private static string ReliabilityDiagram(Evaluation evaluation)
    {
        var bars = new StringBuilder();
        foreach (var range in evaluation.Reliability(Ranges))
        {
            bars.Append(Invariant($"""
                <rect x="{X(range.From) + 1:0.#}" y="{Y(range.Accuracy):0.#}" width="{X(range.To) - X(range.From) - 2:0.#}" height="{Y(0) - Y(range.Accuracy):0.#}" fill="var(--good)" opacity=".75"><title>{range.From:P0} to {range.To:P0}: {range.Pictures} pictures, mean confidence {range.Confidence:P1}, right {range.Accuracy:P1}</title></rect>
                <text x="{(X(range.From) + X(range.To)) / 2:0.#}" y="{Math.Min(Y(range.Accuracy) - 4, Y(0) - 4):0.#}" text-anchor="middle">{range.Pictures}</text>
                """));
        }
        return Chart("Reliability diagram", "confidence", "right", Invariant($"""{bars}<line x1="{X(0)}" y1="{Y(0)}" x2="{X(1)}" y2="{Y(1)}" stroke="var(--bad)" stroke-dasharray="5 4"/>"""));
    }

    private static string CoverageDiagram(Evaluation evaluation)
    {
        var points = string.Join(' ', evaluation.CoverageCurve().Select(point => Invariant($"{X(point.Accepted):0.#},{Y(point.Accuracy):0.#}")));
        return Chart("Coverage and accuracy", "accepted", "right among those", $"""<polyline points="{points}" fill="none" stroke="var(--good)" stroke-width="2"/>""");
    }

    private static string Chart(string name, string across, string up, string content)
    {
        var grid = string.Concat(Enumerable.Range(0, 6).Select(i => i / 5.0).Select(value => Invariant($"""
            <line x1="{X(0)}" y1="{Y(value)}" x2="{X(1)}" y2="{Y(value)}" stroke="var(--line)"/><text x="{X(0) - 6}" y="{Y(value) + 4}" text-anchor="end">{value:P0}</text><text x="{X(value)}" y="{Y(0) + 16}" text-anchor="middle">{value:P0}</text>
            """)));
        return Invariant($"""
            <svg role="img" aria-label="{name}" viewBox="0 0 {Side + 2 * Edge} {Side + 2 * Edge}" width="100%">{grid}{content}
            <text x="{X(0.5)}" y="{Y(0) + 36}" text-anchor="middle">{across}</text><text x="{X(0)}" y="{Y(1) - 14}">{up}</text></svg>
            """);
    }

    private static string ConfusionTable(Evaluation evaluation)
    {
        var counts = new int[evaluation.Labels.Count, evaluation.Labels.Count];
        for (var picture = 0; picture < evaluation.Count; picture++)
            counts[evaluation.Targets[picture], evaluation.Top(picture)]++;
        var rows = new StringBuilder();
        foreach (var target in Enumerable.Range(0, evaluation.Labels.Count))
        {
            var total = Math.Max(1, Enumerable.Range(0, evaluation.Labels.Count).Sum(answer => counts[target, answer]));
            rows.Append(Invariant($"<tr><td>{Text(evaluation.Labels[target])}</td>"));
            foreach (var answer in Enumerable.Range(0, evaluation.Labels.Count))
            {
                var count = counts[target, answer];
                var colour = target == answer ? "var(--good)" : "var(--bad)";
                rows.Append(Invariant($"""<td style="background: color-mix(in srgb, {colour} {70.0 * count / total:0}%, transparent)">{count}</td>"""));
            }
            rows.Append("</tr>");
        }
        return $"<table><tr><th></th>{string.Concat(evaluation.Labels.Select(label => $"<th>{Text(label)}</th>"))}</tr>{rows}</table>";
    }

    private static string PairTable(Evaluation evaluation)
    {
        var pairs = Enumerable.Range(0, evaluation.Count).Where(i => evaluation.Top(i) != evaluation.Targets[i]).CountBy(i => (Target: evaluation.Targets[i], Answer: evaluation.Top(i)))
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).ToList();
        var rows = string.Concat(pairs.Take(MostPairs).Select(pair => Invariant(
            $"<tr><td>{Text(evaluation.Labels[pair.Key.Target])}</td><td>{Text(evaluation.Labels[pair.Key.Answer])}</td><td>{pair.Value}</td></tr>")));
        var rest = pairs.Count > MostPairs ? Invariant($"""<p class="faint">And {pairs.Count - MostPairs:N0} other pairs.</p>""") : "";
        return $"""<div class="wide"><table><tr><th>it is</th><th>the model says</th><th>pictures</th></tr>{rows}</table></div>{rest}""";
    }

    private static string LabelTable(ModelManifest manifest, Evaluation evaluation) =>
        $"<table><tr><th>label</th><th>pictures</th><th>found (recall)</th><th>right when said (precision)</th><th>threshold</th></tr>{string.Concat(Enumerable.Range(0, evaluation.Labels.Count).Select(label => Invariant(
            $"<tr><td>{Text(evaluation.Labels[label])}</td><td>{evaluation.Targets.Count(one => one == label)}</td><td>{TrainedModelCard.Percent(evaluation.Recall(label), evaluation.Targets.Count(one => one == label))}</td><td>{TrainedModelCard.Percent(evaluation.Precision(label), Enumerable.Range(0, evaluation.Count).Count(i => evaluation.Top(i) == label))}</td><td>{manifest.ThresholdOf(evaluation.Labels[label]):0.00}</td></tr>")))}</table>";

    private static async Task<string> GalleryAsync(Evaluation evaluation, IReadOnlyList<KnownPicture> pictures, CancellationToken cancellationToken)
    {
        var wrong = Enumerable.Range(0, evaluation.Count).Where(i => evaluation.Top(i) != evaluation.Targets[i]).OrderByDescending(evaluation.Confidence).ThenBy(i => pictures[i].Picture.Name, StringComparer.Ordinal).ToList();
        if (wrong.Count == 0)
            return "<p>There are none.</p>";
        var gallery = new StringBuilder();
        foreach (var i in wrong.Take(MostMistakes))
        {
            // What it was when it was judged it may be no longer.
            var thumbnail = await pictures[i].Picture.UseAsync(jpeg => Convert.ToBase64String(Thumbnail(jpeg)), cancellationToken);
            gallery.Append(Invariant($"""
                <div>{(thumbnail is null ? "" : $"""<img alt="" src="data:image/jpeg;base64,{thumbnail}">""")}<br><b>{Text(evaluation.Labels[evaluation.Targets[i]])}</b>, said to be <b>{Text(evaluation.Labels[evaluation.Top(i)])}</b> ({evaluation.Confidence(i):P0})<br><span class="faint">{Text(pictures[i].Picture.Name)}</span></div>
                """));
        }
        var rest = wrong.Count > MostMistakes ? Invariant($"""<p class="faint">And {wrong.Count - MostMistakes:N0} others.</p>""") : "";
        return $"""<div class="gallery">{gallery}</div>{rest}""";
    }

    private static byte[] Thumbnail(byte[] jpeg)
    {
        using var image = Image.ThumbnailBuffer(jpeg, ThumbnailSide, height: ThumbnailSide);
        return image.JpegsaveBuffer(q: 80, keep: Enums.ForeignKeep.None);
    }

    private static double X(double share) => Edge + share * Side;

    private static double Y(double share) => Edge + (1 - share) * Side;

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
