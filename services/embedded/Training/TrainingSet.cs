using System.Security.Cryptography;
using Assay.Classify.Onnx;
using Assay.Embedded.Models;

namespace Assay.Embedded.Training;

/// <summary>A picture and its features.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Sha256">Of its silver or gold image: the same picture under two names has it twice.</param>
/// <param name="Features">What the base model says it is like.</param>
internal sealed record Sample(LabelledPicture Picture, string Sha256, float[] Features);

/// <summary>What is learnt from, and what the result is judged on: of each label a fifth, which is never learnt from.</summary>
/// <param name="Labels">The labels, in order.</param>
/// <param name="Learn">Nearly four fifths of each label.</param>
/// <param name="Judge">The rest.</param>
internal sealed record TrainingSet(IReadOnlyList<string> Labels, IReadOnlyList<Sample> Learn, IReadOnlyList<Sample> Judge)
{
    /// <summary>With fewer pictures a label is left out.</summary>
    public const int FewestPictures = 10;

    // All features are in memory twice while the layer is fitted: 1 GiB.
    private const long MostFeatures = 1 << 27;

    private const int Share = 5;

    private readonly Dictionary<string, int> indexes = Labels.Index().ToDictionary(label => label.Item, label => label.Index);

    /// <summary>Reads all pictures, and divides them as the seed says. What cannot be used is said and left out.</summary>
    /// <exception cref="LabelledPicturesException">Fewer than two labels have enough pictures, or there are more than can be kept in memory.</exception>
    public static async Task<TrainingSet> ReadAsync(IReadOnlyList<LabelledPicture> pictures, FeatureModel model, int seed, CancellationToken cancellationToken)
    {
        if ((long)pictures.Count * model.Features > MostFeatures)
            throw new LabelledPicturesException($"{pictures.Count} pictures with {model.Features} features each are too many to learn from at once: take {MostFeatures / model.Features} at most, or another base.");
        var samples = new Sample?[pictures.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, pictures.Count, parallel, async (i, token) => samples[i] = await pictures[i].UseAsync(jpeg => new Sample(pictures[i], Convert.ToHexStringLower(SHA256.HashData(jpeg)), model.Extract(jpeg)), token));

        var labels = Distinct(samples.OfType<Sample>()).GroupBy(sample => sample.Picture.Label).OrderBy(label => label.Key, StringComparer.Ordinal).ToList();
        foreach (var few in labels.Where(label => label.Count() < FewestPictures))
            Terminal.WriteError($"The label '{few.Key}' is left out: it has {few.Count()} pictures that can be used, and {FewestPictures} are needed.");
        labels.RemoveAll(label => label.Count() < FewestPictures);
        if (labels.Count < 2)
            throw new LabelledPicturesException($"{labels.Count} labels have {FewestPictures} pictures or more; a classifier needs at least two.");

        var random = new Random(seed);
        List<Sample> learn = [], judge = [];
        foreach (var label in labels)
        {
            // Whatever order they came in, the same pictures are divided in the same way.
            var shuffled = label.OrderBy(sample => sample.Sha256, StringComparer.Ordinal).ToArray();
            random.Shuffle(shuffled);
            judge.AddRange(shuffled[..(shuffled.Length / Share)]);
            learn.AddRange(shuffled[(shuffled.Length / Share)..]);
        }
        return new([.. labels.Select(label => label.Key)], learn, judge);
    }

    /// <summary>The index of a sample's label.</summary>
    public int TargetOf(Sample sample) => indexes[sample.Picture.Label];

    // The same picture must not be learnt from under one name and judged by under another.
    private static IEnumerable<Sample> Distinct(IEnumerable<Sample> samples)
    {
        foreach (var same in samples.GroupBy(sample => sample.Sha256))
        {
            if (same.Select(sample => sample.Picture.Label).Distinct().Count() == 1)
                yield return same.First();
            else
                Terminal.WriteError($"{string.Join(" and ", same.Select(sample => $"{sample.Picture.Name} ({sample.Picture.Label})"))} are left out: they are the same picture with different labels.");
        }
    }
}
