namespace Assay.Trainer.Package;

/// <summary>What a model said about pictures whose labels are known.</summary>
/// <param name="Labels">All labels in order.</param>
/// <param name="Targets">The right label of each picture.</param>
/// <param name="Scores">All probabilities of each picture.</param>
internal sealed record Answers(IReadOnlyList<string> Labels, int[] Targets, float[][] Scores)
{
    public int Count => Targets.Length;

    public double Accuracy => Share(Enumerable.Range(0, Count));

    /// <summary>The mean of the labels' own accuracies (recall): every label counts the same, however many pictures it has.</summary>
    public double BalancedAccuracy => Enumerable.Range(0, Labels.Count).Where(label => Targets.Contains(label)).Average(Recall);

    public int Top(int picture) => Array.IndexOf(Scores[picture], Scores[picture].Max());

    public double Confidence(int picture) => Scores[picture].Max();

    /// <summary>Of the pictures that are this, the share that was called this.</summary>
    public double Recall(int label) => Share(Enumerable.Range(0, Count).Where(i => Targets[i] == label));

    /// <summary>Of the pictures that were called this, the share that is this.</summary>
    public double Precision(int label) => Share(Enumerable.Range(0, Count).Where(i => Top(i) == label));

    /// <summary>How many pictures with label <paramref name="target"/> were called <paramref name="answer"/>.</summary>
    public int Confused(int target, int answer) => Enumerable.Range(0, Count).Count(i => Targets[i] == target && Top(i) == answer);

    /// <summary>The share of these pictures that was answered rightly; 0 if there are none.</summary>
    public double Share(IEnumerable<int> pictures) => pictures.Select(i => Top(i) == Targets[i] ? 1.0 : 0.0).DefaultIfEmpty(0).Average();

    /// <summary>Only some of the pictures.</summary>
    public Answers Only(Func<int, bool> which)
    {
        var kept = Enumerable.Range(0, Count).Where(which).ToArray();
        return new(Labels, [.. kept.Select(i => Targets[i])], [.. kept.Select(i => Scores[i])]);
    }
}
