namespace Assay.Classify;

/// <summary>What a model said about pictures whose labels are known.</summary>
/// <param name="Labels">All labels in order.</param>
/// <param name="Targets">The right label of each picture, as an index.</param>
/// <param name="Scores">All probabilities of each picture.</param>
public sealed record Evaluation(IReadOnlyList<string> Labels, int[] Targets, float[][] Scores)
{
    // Asked for again and again, and of a thousand labels no small thing to find.
    private readonly int[] tops = [.. Scores.Select(one => Classify.Scores.Top(one))];

    /// <summary>How many pictures.</summary>
    public int Count => Targets.Length;

    /// <summary>The share that was answered rightly, 0 to 1.</summary>
    public double Accuracy => Share(Enumerable.Range(0, Count));

    /// <summary>The mean of the labels' own accuracies (recall), 0 to 1: every label counts the same, however many pictures it has.</summary>
    public double BalancedAccuracy => Enumerable.Range(0, Labels.Count).Where(label => Targets.Contains(label)).Average(Recall);

    /// <summary>The label that was answered, as an index.</summary>
    public int Top(int picture) => tops[picture];

    /// <summary>Its probability.</summary>
    public double Confidence(int picture) => Scores[picture][Top(picture)];

    /// <summary>Of the pictures that are this, the share that was called this.</summary>
    public double Recall(int label) => Share(Enumerable.Range(0, Count).Where(i => Targets[i] == label));

    /// <summary>Of the pictures that were called this, the share that is this.</summary>
    public double Precision(int label) => Share(Enumerable.Range(0, Count).Where(i => Top(i) == label));

    /// <summary>How many pictures with label <paramref name="target"/> were called <paramref name="answer"/>.</summary>
    public int Confused(int target, int answer) => Enumerable.Range(0, Count).Count(i => Targets[i] == target && Top(i) == answer);

    /// <summary>The share of these pictures that was answered rightly; 0 if there are none.</summary>
    public double Share(IEnumerable<int> pictures) => pictures.Select(i => Top(i) == Targets[i] ? 1.0 : 0.0).DefaultIfEmpty(0).Average();

    /// <summary>Only some of the pictures.</summary>
    public Evaluation Only(Func<int, bool> which)
    {
        var kept = Enumerable.Range(0, Count).Where(which).ToArray();
        return new(Labels, [.. kept.Select(i => Targets[i])], [.. kept.Select(i => Scores[i])]);
    }

    /// <summary>The pictures in ranges of confidence of equal width; ranges without any are left out.</summary>
    /// <param name="ranges">How many ranges.</param>
    public IReadOnlyList<ConfidenceRange> Reliability(int ranges) =>
    [
        .. Enumerable.Range(0, Count).GroupBy(i => Math.Min(ranges - 1, (int)(Confidence(i) * ranges))).OrderBy(range => range.Key)
            .Select(range => new ConfidenceRange((double)range.Key / ranges, (range.Key + 1.0) / ranges, range.Count(), range.Average(Confidence), Share(range))),
    ];

    /// <summary>
    /// The expected calibration error, 0 to 1: by how much confidence and accuracy differ in a range of confidence, on average over the pictures
    /// (Guo et al., On Calibration of Modern Neural Networks, 2017). 0 where a confidence of 80 % means being right in 80 of 100.
    /// </summary>
    /// <param name="ranges">How many ranges.</param>
    public double CalibrationError(int ranges) => Reliability(ranges).Sum(range => (double)range.Pictures / Count * Math.Abs(range.Confidence - range.Accuracy));

    /// <summary>The surest pictures first: after each that differs in confidence from the next, how many there are and how often they are right.</summary>
    public IReadOnlyList<Coverage> CoverageCurve()
    {
        List<Coverage> curve = [];
        var (seen, right) = (0, 0);
        foreach (var same in Enumerable.Range(0, Count).GroupBy(Confidence).OrderByDescending(group => group.Key))
        {
            seen += same.Count();
            right += same.Count(i => Top(i) == Targets[i]);
            curve.Add(new(same.Key, (double)seen / Count, (double)right / seen));
        }
        return curve;
    }
}

/// <summary>The pictures whose confidence lies in one range.</summary>
/// <param name="From">Where the range begins, 0 to 1.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Pictures">How many they are.</param>
/// <param name="Confidence">Their mean confidence.</param>
/// <param name="Accuracy">The share of them that was answered rightly.</param>
public sealed record ConfidenceRange(double From, double To, int Pictures, double Confidence, double Accuracy);

/// <summary>What accepting from a confidence on means.</summary>
/// <param name="Confidence">The confidence.</param>
/// <param name="Accepted">The share of pictures with it or more, 0 to 1.</param>
/// <param name="Accuracy">The share of those that was answered rightly, 0 to 1.</param>
public sealed record Coverage(double Confidence, double Accepted, double Accuracy);
