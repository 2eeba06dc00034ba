using System.Text.RegularExpressions;

namespace Assay.Classify;

/// <summary>What the values of a manifest must be, as far as they can be judged without the model.</summary>
internal static partial class ManifestRules
{
    private const int MaxSide = 4096;
    private const int MaxLabels = 10_000;
    private const int MaxLabelCharacters = 200;

    // Name and version become parts of file names, object keys and URLs.
    [GeneratedRegex(@"\A(?=.{1,64}\z)[a-z0-9]+([._-][a-z0-9]+)*\z")]
    private static partial Regex Slug { get; }

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256 { get; }

    /// <exception cref="ModelPackageException">The first value that is wrong.</exception>
    public static void Check(ModelManifest manifest, string folder)
    {
        var fault = IdentityFaults(manifest)
            .Concat(InputFaults(manifest.Input))
            .Concat(OutputFaults(manifest.Output))
            .Concat(LabelFaults(manifest.Labels))
            .Concat(ThresholdFaults(manifest))
            .Concat(ReviewFaults(manifest))
            .FirstOrDefault();
        if (fault is not null)
            throw new ModelPackageException(folder, $"model.json: {fault}");
    }

    private static IEnumerable<string> IdentityFaults(ModelManifest manifest)
    {
        const string slug = "it must be lower-case letters and digits with single . - _ between them, 64 characters at most";
        if (!Slug.IsMatch(manifest.Name))
            yield return $"name is \"{manifest.Name}\"; {slug}";
        if (!Slug.IsMatch(manifest.Version))
            yield return $"version is \"{manifest.Version}\"; {slug}";
        if (string.IsNullOrWhiteSpace(manifest.Question))
            yield return "question is empty; say what the model answers";
        if (string.IsNullOrWhiteSpace(manifest.Licence))
            yield return "licence is empty; say under which licence the model may be used";
        if (!Sha256.IsMatch(manifest.Sha256))
            yield return $"sha256 is \"{manifest.Sha256}\"; it must be 64 lower-case hexadecimal digits";
    }

    private static IEnumerable<string> InputFaults(InputSpecification input)
    {
        if (string.IsNullOrEmpty(input.Name))
            yield return "input.name is empty; it must be the name of the graph's input";
        if (input.Width is < 1 or > MaxSide)
            yield return $"input.width is {input.Width}; it must be 1 to {MaxSide}";
        if (input.Height is < 1 or > MaxSide)
            yield return $"input.height is {input.Height}; it must be 1 to {MaxSide}";
        if (!double.IsFinite(input.Scale) || input.Scale == 0)
            yield return $"input.scale is {input.Scale}; it must be a finite number other than 0";
        if (input.Mean.Count != 3)
            yield return $"input.mean has {input.Mean.Count} numbers; it must have 3, one per channel";
        if (!input.Mean.All(double.IsFinite))
            yield return $"input.mean is [{string.Join(", ", input.Mean)}]; it must be finite";
        if (input.Std.Count != 3)
            yield return $"input.std has {input.Std.Count} numbers; it must have 3, one per channel";
        if (input.Std.Any(std => std == 0 || !double.IsFinite(std)))
            yield return $"input.std is [{string.Join(", ", input.Std)}]; each must be a finite number other than 0, for it is divided by";
        var limit = input.Type == TensorElement.Float16 ? (double)Half.MaxValue : float.MaxValue;
        if (Enumerable.Range(0, 3).Any(c => Math.Max(Math.Abs(ImageTensor.Value(0, c, input)), Math.Abs(ImageTensor.Value(255, c, input))) > limit))
            yield return $"input.scale, input.mean and input.std give values beyond ±{limit}, which the input's type cannot hold";
    }

    private static IEnumerable<string> OutputFaults(OutputSpecification output)
    {
        if (string.IsNullOrEmpty(output.Name))
            yield return "output.name is empty; it must be the name of the graph's output";
        if (!double.IsFinite(output.Temperature) || output.Temperature <= 0)
            yield return $"output.temperature is {output.Temperature}; it must be a finite number above 0";
        if (!output.Softmax && output.Temperature != 1)
            yield return $"output.temperature is {output.Temperature}; where output.softmax is false it must be 1";
    }

    private static IEnumerable<string> LabelFaults(IReadOnlyList<string> labels)
    {
        if (labels.Count is < 2 or > MaxLabels)
            yield return $"labels has {labels.Count} entries; it must have 2 to {MaxLabels}";
        for (var i = 0; i < labels.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(labels[i]) || labels[i] != labels[i].Trim() || labels[i].Any(char.IsControl))
                yield return $"labels[{i}] is \"{labels[i]}\"; it must be a text without control characters and outer spaces";
            if (labels[i].Length > MaxLabelCharacters)
                yield return $"labels[{i}] has {labels[i].Length} characters; at most {MaxLabelCharacters} are allowed";
        }
        if (labels.GroupBy(label => label).FirstOrDefault(group => group.Count() > 1) is { } twice)
            yield return $"labels has \"{twice.Key}\" {twice.Count()} times; each label must be there once";
        if (labels.Contains(ModelManifest.DefaultThreshold))
            yield return "labels has \"default\", which in thresholds stands for every other label; call it something else";
    }

    private static IEnumerable<string> ThresholdFaults(ModelManifest manifest)
    {
        if (!manifest.Thresholds.ContainsKey(ModelManifest.DefaultThreshold))
            yield return "thresholds.default is missing";
        foreach (var (label, threshold) in manifest.Thresholds)
        {
            if (label != ModelManifest.DefaultThreshold && !manifest.Labels.Contains(label))
                yield return $"thresholds.{label} is for a label that labels does not have";
            if (threshold is not (>= 0 and <= 1))
                yield return $"thresholds.{label} is {threshold}; it must be 0 to 1";
        }
    }

    private static IEnumerable<string> ReviewFaults(ModelManifest manifest)
    {
        if (manifest.Review is not { } review)
            yield break;
        if (review.Margin is not (>= 0 and <= 1))
            yield return $"review.margin is {review.Margin}; it must be 0 to 1";
        if (review.Energy is { } energy && !double.IsFinite(energy))
            yield return $"review.energy is {energy}; it must be finite";
        if (review.Energy is not null && !manifest.Output.Softmax)
            yield return "review.energy is there, which is told from logits; output.softmax says that there are none";
    }
}
