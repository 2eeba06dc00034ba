namespace Assay.Classify;

/// <summary>Temperature and thresholds, fitted on pictures that were not trained on.</summary>
public static class Calibration
{
    /// <summary>What the accepted answers shall be right in, at least.</summary>
    public const double Goal = 0.9;

    // Two labels that share more than nine tenths of what they have are a guess.
    private const double Margin = 0.1;

    // The share of known pictures that must not be doubted, as the authors of the energy score have it.
    private const double Known = 0.95;

    private const double Lowest = 0.4;
    private const double Highest = 0.95;
    private const double Step = 0.05;

    // With fewer answers than this a label's own threshold would be chance.
    private const int EnoughAnswers = 20;

    /// <summary>The temperature at which the right labels are most probable (least negative log-likelihood), to a hundredth.</summary>
    public static double Temperature(float[][] logits, int[] targets)
    {
        return Enumerable.Range(30, 371).Select(hundredths => hundredths / 100.0).MinBy(temperature => Loss(logits, targets, temperature));
    }

    /// <summary>How improbable the right labels are: their mean negative log-likelihood.</summary>
    public static double Loss(IEnumerable<float[]> logits, int[] targets, double temperature) =>
        logits.Zip(targets, (values, target) => -Math.Log(Math.Max(1e-12, Softmax(values, temperature)[target]))).Average();

    /// <summary>Logits → probabilities.</summary>
    public static float[] Softmax(float[] logits, double temperature)
    {
        float[] probabilities = [.. logits];
        Scores.Softmax(probabilities, temperature);
        return probabilities;
    }

    /// <summary>
    /// The lowest thresholds (in steps of 0.05) from which on the answers are right in at least <see cref="Goal"/>: one for all labels, and
    /// one for each label that has enough answers and needs another.
    /// </summary>
    public static SortedDictionary<string, double> Thresholds(Evaluation answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var common = Threshold(answers);
        var thresholds = new SortedDictionary<string, double>(StringComparer.Ordinal) { ["default"] = common };
        for (var label = 0; label < answers.Labels.Count; label++)
        {
            var called = answers.Only(i => answers.Top(i) == label);
            if (called.Count >= EnoughAnswers && Threshold(called) is var own && own != common)
                thresholds[answers.Labels[label]] = own;
        }
        return thresholds;
    }

    /// <summary>What is doubtful: a margin of less than <see cref="Margin"/>, and an energy that only one in twenty of the pictures exceeds whose label is known.</summary>
    public static ReviewSpecification Review(float[][] logits, double temperature)
    {
        var energies = logits.Select(values => Scores.Softmax([.. values], temperature)).Order().ToArray();
        return new ReviewSpecification(Margin, Math.Round(energies[(int)Math.Ceiling(Known * energies.Length) - 1], 3));
    }

    private static double Threshold(Evaluation answers)
    {
        for (var threshold = Lowest; threshold < Highest; threshold += Step)
        {
            if (answers.Share(Enumerable.Range(0, answers.Count).Where(i => answers.Confidence(i) >= threshold)) >= Goal)
                return Math.Round(threshold, 2);
        }
        return Highest;
    }
}
