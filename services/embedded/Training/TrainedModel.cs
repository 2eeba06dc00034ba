using System.Security.Cryptography;
using Assay.Classify;
using Assay.Classify.Onnx;

namespace Assay.Embedded.Training;

/// <summary>What the model will be called, and what it answers.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Question">The question that it answers.</param>
/// <param name="Licence">Its licence.</param>
internal sealed record TrainedIdentity(string Name, string Version, string Question, string Licence);

/// <summary>A package with a new last layer, and how right it is about what it has not learnt from.</summary>
/// <param name="Package">The package.</param>
/// <param name="Judged">What it says about the pictures to judge by, asked as the classify stage asks.</param>
/// <param name="Spare">Of these, those that the temperature and thresholds were not fitted on either.</param>
internal sealed record TrainedModel(ModelPackage Package, Evaluation Judged, Evaluation Spare)
{
    /// <summary>Fits the layer, its temperature and its thresholds, writes the package into a folder and judges it.</summary>
    /// <exception cref="ModelPackageException">The package is not what the classify stage accepts: the name or the version is misspelt, say.</exception>
    public static async Task<TrainedModel> MakeAsync(TrainingSet set, FeatureModel features, ModelManifest start, TrainedIdentity identity, string folder, int seed, CancellationToken cancellationToken)
    {
        var head = SoftmaxRegression.Fit([.. set.Learn.Select(sample => sample.Features)], [.. set.Learn.Select(set.TargetOf)], set.Labels.Count, seed, cancellationToken);
        var (model, output) = features.With(head);

        // Every other picture: one half to fit on, one to tell how well the fit holds.
        static bool IsForFitting(int picture) => picture % 2 == 0;
        var fitting = set.Judge.Where((_, i) => IsForFitting(i)).ToList();
        var logits = fitting.Select(sample => head.LogitsOf(sample.Features)).ToArray();
        int[] targets = [.. fitting.Select(set.TargetOf)];
        var temperature = Calibration.Temperature(logits, targets);
        var answers = new Evaluation(set.Labels, targets, [.. logits.Select(values => Calibration.Softmax(values, temperature))]);
        var manifest = new ModelManifest(
            identity.Name, identity.Version, identity.Question, identity.Licence, Convert.ToHexStringLower(SHA256.HashData(model)), start.Input,
            new OutputSpecification(output, Softmax: true, temperature), set.Labels, Calibration.Thresholds(answers), Calibration.Review(logits, temperature));

        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, ModelPackage.ModelFile), model, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, ModelPackage.ManifestFile), manifest.ToJson() + "\n", cancellationToken);
        var package = ModelPackage.Load(folder);
        var judged = await JudgeAsync(package, set, cancellationToken);
        return new(package, judged, judged.Only(i => !IsForFitting(i)));
    }

    private static async Task<Evaluation> JudgeAsync(ModelPackage package, TrainingSet set, CancellationToken cancellationToken)
    {
        using var classifier = new ImageClassifier(package);
        var scores = new float[set.Judge.Count][];
        for (var i = 0; i < scores.Length; i++)
            scores[i] = classifier.Classify(await set.Judge[i].Picture.OpenAsync(cancellationToken)).Scores;
        return new(set.Labels, [.. set.Judge.Select(set.TargetOf)], scores);
    }
}
