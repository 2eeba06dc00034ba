using Assay.Classify.Onnx;
using Assay.Embedded.Models;

namespace Assay.Embedded.Training;

/// <summary>A picture and its features.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Features">What the base model says it is like.</param>
internal sealed record Sample(LabelledPicture Picture, float[] Features);

/// <summary>What is learnt from, and what the result is judged on: of each label a fifth, which is never learnt from.</summary>
/// <param name="Labels">The labels, in order.</param>
/// <param name="Learn">Nearly four fifths of each label.</param>
/// <param name="Judge">The rest.</param>
internal sealed record TrainingSet(IReadOnlyList<string> Labels, IReadOnlyList<Sample> Learn, IReadOnlyList<Sample> Judge)
{
    /// <summary>With fewer pictures a label is left out.</summary>
    public const int FewestPictures = 10;

    private const int Share = 5;

    /// <summary>Reads all pictures, and divides them as the seed says. What cannot be used is said and left out.</summary>
    /// <exception cref="LabelledPicturesException">Fewer than two labels have enough pictures.</exception>
    public static async Task<TrainingSet> ReadAsync(IReadOnlyList<LabelledPicture> pictures, FeatureModel model, int seed, CancellationToken cancellationToken)
    {
        var samples = new Sample?[pictures.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, pictures.Count, parallel, async (i, token) => samples[i] = await pictures[i].UseAsync(jpeg => new Sample(pictures[i], model.Extract(jpeg)), token));

        var labels = samples.OfType<Sample>().GroupBy(sample => sample.Picture.Label).OrderBy(label => label.Key, StringComparer.Ordinal).ToList();
        foreach (var few in labels.Where(label => label.Count() < FewestPictures))
            Terminal.WriteError($"The label '{few.Key}' is left out: it has {few.Count()} pictures that can be used, and {FewestPictures} are needed.");
        labels.RemoveAll(label => label.Count() < FewestPictures);
        if (labels.Count < 2)
            throw new LabelledPicturesException($"{labels.Count} labels have {FewestPictures} pictures or more; a classifier needs at least two.");

        var random = new Random(seed);
        List<Sample> learn = [], judge = [];
        foreach (var label in labels)
        {
            var shuffled = label.ToArray();
            random.Shuffle(shuffled);
            judge.AddRange(shuffled[..(shuffled.Length / Share)]);
            learn.AddRange(shuffled[(shuffled.Length / Share)..]);
        }
        return new([.. labels.Select(label => label.Key)], learn, judge);
    }

    /// <summary>The index of a sample's label.</summary>
    public int TargetOf(Sample sample) => Labels.Index().First(label => label.Item == sample.Picture.Label).Index;
}
