using System.Security.Cryptography;
using Assay.Classify;
using Assay.Classify.Onnx;
using Assay.Embedded.Models;

namespace Assay.Embedded.Training;

/// <summary>What the model will be called, and what it answers.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Question">The question that it answers.</param>
/// <param name="Licence">Its licence.</param>
internal sealed record TrainedIdentity(string Name, string Version, string Question, string Licence)
{
    /// <summary>The manifest of a model of this name for these labels, as far as it follows from the base.</summary>
    public ModelManifest ToManifest(ModelManifest start, IReadOnlyList<string> labels) => start with
    {
        Name = Name,
        Version = Version,
        Question = Question,
        Licence = Licence,
        Labels = labels,
        Thresholds = new Dictionary<string, double> { [ModelManifest.DefaultThreshold] = 1 },
        Review = null,
    };
}

/// <summary>A package with a new last layer, and how right it is about what it has not learnt from.</summary>
/// <param name="Package">The package.</param>
/// <param name="Judged">What it says about the pictures to judge by, asked as the classify stage asks.</param>
/// <param name="Spare">Of these, those that the temperature and thresholds were not fitted on either; null where there were too few to fit them on.</param>
internal sealed record TrainedModel(ModelPackage Package, Evaluation Judged, Evaluation? Spare)
{
    /// <summary>On fewer pictures temperature, thresholds and energy would be chance.</summary>
    public const int FewestToFitOn = 50;

    // Of what is not calibrated a person sees more.
    private const double UnfittedThreshold = 0.8;

    /// <summary>Fits the layer, its temperature and its thresholds, writes the package into a folder and judges it.</summary>
    /// <exception cref="ModelPackageException">The package is not what the classify stage accepts: the name or the version is misspelt, say.</exception>
    /// <exception cref="LabelledPicturesException">The pictures to judge by have gone.</exception>
    public static async Task<TrainedModel> MakeAsync(TrainingSet set, FeatureModel features, ModelManifest start, TrainedIdentity identity, string folder, int seed, CancellationToken cancellationToken)
    {
        var head = SoftmaxRegression.Fit([.. set.Learn.Select(sample => sample.Features)], [.. set.Learn.Select(set.TargetOf)], set.Labels.Count, seed, cancellationToken);
        var (model, output) = features.With(head);

        // Every other picture: one half to fit on, one to tell how well the fit holds.
        static bool IsForFitting(int picture) => picture % 2 == 0;
        var fitting = set.Judge.Where((_, i) => IsForFitting(i)).ToList();
        var logits = fitting.Select(sample => head.LogitsOf(sample.Features)).ToArray();
        int[] targets = [.. fitting.Select(set.TargetOf)];
        var isFitted = fitting.Count >= FewestToFitOn;
        var temperature = isFitted ? Calibration.Temperature(logits, targets) : 1;
        var fitted = new Evaluation(set.Labels, targets, [.. logits.Select(values => Calibration.Softmax(values, temperature))]);
        var manifest = identity.ToManifest(start, set.Labels) with
        {
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(model)),
            Output = new OutputSpecification(output, Softmax: true, temperature),
            Thresholds = isFitted ? Calibration.Thresholds(fitted) : new Dictionary<string, double> { [ModelManifest.DefaultThreshold] = UnfittedThreshold },
            Review = isFitted ? Calibration.Review(logits, temperature) : null,
        };

        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, ModelPackage.ModelFile), model, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, ModelPackage.ManifestFile), manifest.ToJson() + "\n", cancellationToken);
        var package = ModelPackage.Load(folder);
        var answers = await AskAsync(package, set, cancellationToken);
        Evaluation Of(Func<int, bool> which) =>
            new(set.Labels, [.. answers.Where(answer => which(answer.Picture)).Select(answer => answer.Target)], [.. answers.Where(answer => which(answer.Picture)).Select(answer => answer.Scores)]);
        return new(package, Of(_ => true), isFitted ? Of(picture => !IsForFitting(picture)) : null);
    }

    // A picture may have gone since it was read first.
    private static async Task<List<(int Picture, int Target, float[] Scores)>> AskAsync(ModelPackage package, TrainingSet set, CancellationToken cancellationToken)
    {
        using var classifier = new ImageClassifier(package);
        List<(int, int, float[])> answers = [];
        foreach (var (index, sample) in set.Judge.Index())
        {
            if (await sample.Picture.UseAsync(jpeg => classifier.Classify(jpeg).Scores, cancellationToken) is { } scores)
                answers.Add((index, set.TargetOf(sample), scores));
        }
        return answers.Count > 0 ? answers : throw new LabelledPicturesException("None of the pictures to judge by can be read any more.");
    }
}
