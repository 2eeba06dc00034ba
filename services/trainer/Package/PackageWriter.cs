using System.Security.Cryptography;
using Assay.Classify;
using Assay.Trainer.Network;
using Assay.Trainer.Pictures;

namespace Assay.Trainer.Package;

/// <summary>A trained network → a package that the classify stage accepts, and the proof that it answers as the network does.</summary>
internal static class PackageWriter
{
    private const double Tolerance = 1e-4;

    /// <summary>Writes model.onnx and model.json.</summary>
    public static async Task WriteAsync(
        KindNetwork network, TrainOptions options, InputSpecification input, IReadOnlyList<string> labels, double temperature, IReadOnlyDictionary<string, double> thresholds, ReviewSpecification review,
        CancellationToken ct)
    {
        Directory.CreateDirectory(options.Output);
        var model = network.Export(options.Side);
        var manifest = new ModelManifest(
            options.Name,
            options.Version,
            options.Question,
            options.Licence,
            Convert.ToHexStringLower(SHA256.HashData(model)),
            input,
            new OutputSpecification(KindNetwork.OutputName, Softmax: true, temperature),
            labels,
            thresholds,
            review);
        await File.WriteAllBytesAsync(Path.Combine(options.Output, ModelPackage.ModelFile), model, ct);
        await File.WriteAllTextAsync(Path.Combine(options.Output, ModelPackage.ManifestFile), manifest.ToJson() + "\n", ct);
    }

    /// <summary>Loads the package as the classify stage does, asks it about every picture, and compares.</summary>
    /// <param name="folder">The package.</param>
    /// <param name="set">Pictures with their silver images.</param>
    /// <param name="logits">What the network said about each.</param>
    /// <exception cref="ModelPackageException">The package is not accepted.</exception>
    /// <exception cref="TrainerException">A probability differs from the network's by more than 0.0001.</exception>
    public static Evaluation Verify(string folder, PixelSet set, float[][] logits)
    {
        var package = ModelPackage.Load(folder);
        using var classifier = new ImageClassifier(package);
        var scores = set.Pictures.Select(picture => classifier.Classify(picture.File).Scores).ToArray();
        var difference = scores.Zip(logits, (served, trained) =>
            served.Zip(Calibration.Softmax(trained, package.Manifest.Output.Temperature), (one, other) => Math.Abs(one - other)).Max()).Max();
        return difference <= Tolerance
            ? new Evaluation(package.Manifest.Labels, set.Targets, scores)
            : throw new TrainerException($"The exported model's probabilities differ from the trained network's by up to {difference:0.######}; at most {Tolerance} is allowed.");
    }
}
