using System.Numerics.Tensors;
using Assay.Classify;
using Assay.Classify.Onnx;

namespace Assay.Embedded.Training;

/// <summary>
/// Multinomial logistic regression: the linear layer under which the right labels are most probable. The features are standardised (mean 0, deviation 1) while it is fitted, and
/// the weights are held small (½ λ ‖w‖² ÷ n beside the mean loss), by that λ under which a fifth of the pictures is most probable to a layer fitted to the others. Adam (Kingma and Ba, 2015) with its authors' decays; the rate falls to 0 as a cosine.
/// One thread and one seed: the same pictures give the same weights.
/// </summary>
internal sealed class SoftmaxRegression
{
    // 1 is scikit-learn's default; the more features there are for each picture, the more is better.
    private static readonly float[] Decays = [1, 10, 100];

    private const int Fold = 5;
    private const int Batch = 64;
    private const int Epochs = 60;
    private const float Rate = 0.003f;
    private const float FirstDecay = 0.9f;
    private const float SecondDecay = 0.999f;
    private const float Tiny = 1e-8f;
    private const float Least = 1e-6f;
    private const float LeastOfMedian = 0.01f;

    private readonly int features;
    private readonly float[] means;
    private readonly float[] deviations;
    // One row for each label; the last weight of a row is the bias.
    private readonly Layer[] labels;

    private SoftmaxRegression(float[][] pictures, int labels)
    {
        features = pictures[0].Length;
        means = new float[features];
        deviations = new float[features];
        for (var feature = 0; feature < features; feature++)
        {
            var mean = pictures.Average(picture => (double)picture[feature]);
            (means[feature], deviations[feature]) = ((float)mean, (float)Math.Sqrt(pictures.Average(picture => (picture[feature] - mean) * (picture[feature] - mean))));
        }
        // What hardly ever changes would, divided by next to nothing, decide alone where it does.
        var least = Math.Max(Least, LeastOfMedian * deviations.Order().ElementAt(features / 2));
        for (var feature = 0; feature < features; feature++)
            deviations[feature] = Math.Max(deviations[feature], least);
        this.labels = [.. Enumerable.Range(0, labels).Select(_ => new Layer(features + 1))];
    }

    /// <summary>Fits a layer.</summary>
    /// <param name="pictures">The features of each picture.</param>
    /// <param name="targets">The right label of each, as an index.</param>
    /// <param name="labels">How many labels there are.</param>
    /// <param name="seed">Decides the order in which pictures are shown.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static LinearHead Fit(float[][] pictures, int[] targets, int labels, int seed, CancellationToken cancellationToken)
    {
        // They come label by label: the fifth has its share of each.
        static bool IsKept(int picture) => picture % Fold == 0;
        var (kept, keptTargets) = (Of(pictures, IsKept), Of(targets, IsKept));
        var (shown, shownTargets) = (Of(pictures, picture => !IsKept(picture)), Of(targets, picture => !IsKept(picture)));
        var decay = Decays.MinBy(one => Calibration.Loss(kept.Select(Fit(shown, shownTargets, labels, one, seed, cancellationToken).LogitsOf), keptTargets, temperature: 1));
        return Fit(pictures, targets, labels, decay, seed, cancellationToken);
    }

    private static T[] Of<T>(T[] all, Func<int, bool> which) => [.. all.Where((_, picture) => which(picture))];

    private static LinearHead Fit(float[][] pictures, int[] targets, int labels, float decay, int seed, CancellationToken cancellationToken)
    {
        var regression = new SoftmaxRegression(pictures, labels);
        var rows = pictures.Select(regression.Standardised).ToArray();
        var order = Enumerable.Range(0, rows.Length).ToArray();
        var random = new Random(seed);
        var steps = Epochs * ((rows.Length + Batch - 1) / Batch);
        var step = 0;
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            random.Shuffle(order);
            foreach (var batch in order.Chunk(Batch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var picture in batch)
                    regression.Learn(rows[picture], targets[picture], 1f / batch.Length);
                var rate = Rate * (float)(1 + Math.Cos(Math.PI * step / steps)) / 2;
                step++;
                foreach (var label in regression.labels)
                    label.Step(step, rate, decay / rows.Length);
            }
        }
        return regression.ToHead();
    }

    private float[] Standardised(float[] picture)
    {
        var row = new float[features + 1];
        for (var feature = 0; feature < features; feature++)
            row[feature] = (picture[feature] - means[feature]) / deviations[feature];
        row[features] = 1;
        return row;
    }

    private void Learn(float[] row, int target, float share)
    {
        Span<float> probabilities = new float[labels.Length];
        for (var label = 0; label < labels.Length; label++)
            probabilities[label] = TensorPrimitives.Dot<float>(labels[label].Weights, row);
        Scores.Softmax(probabilities, temperature: 1);
        for (var label = 0; label < labels.Length; label++)
        {
            var error = (probabilities[label] - (label == target ? 1 : 0)) * share;
            TensorPrimitives.MultiplyAdd<float>(row, error, labels[label].Gradient, labels[label].Gradient);
        }
    }

    // Into the weights goes what was done to the features: w·(x − m)/d + b = (w/d)·x + (b − w·m/d).
    private LinearHead ToHead()
    {
        var weights = new float[features * labels.Length];
        var biases = new float[labels.Length];
        for (var label = 0; label < labels.Length; label++)
        {
            double bias = labels[label].Weights[features];
            for (var feature = 0; feature < features; feature++)
            {
                var weight = labels[label].Weights[feature] / deviations[feature];
                weights[feature * labels.Length + label] = weight;
                bias -= (double)weight * means[feature];
            }
            biases[label] = (float)bias;
        }
        return new(weights, biases);
    }

    private sealed class Layer(int size)
    {
        private readonly float[] first = new float[size];
        private readonly float[] second = new float[size];

        public float[] Weights { get; } = new float[size];

        public float[] Gradient { get; } = new float[size];

        public void Step(int step, float rate, float decay)
        {
            // The bias, which is last, may be as large as it needs to be.
            TensorPrimitives.MultiplyAdd<float>(Weights.AsSpan(..^1), decay, Gradient.AsSpan(..^1), Gradient.AsSpan(..^1));
            var (firstShare, secondShare) = (1 - MathF.Pow(FirstDecay, step), 1 - MathF.Pow(SecondDecay, step));
            for (var i = 0; i < size; i++)
            {
                first[i] = FirstDecay * first[i] + (1 - FirstDecay) * Gradient[i];
                second[i] = SecondDecay * second[i] + (1 - SecondDecay) * Gradient[i] * Gradient[i];
                Weights[i] -= rate * (first[i] / firstShare) / (MathF.Sqrt(second[i] / secondShare) + Tiny);
            }
            Array.Clear(Gradient);
        }
    }
}
