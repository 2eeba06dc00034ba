using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Assay.Classify;
using Assay.Classify.Onnx;
using Shouldly;
using Xunit;

namespace Assay.Tests.Classify;

/// <summary>Models are taken apart and get a new last layer.</summary>
public sealed class FeatureModelTests
{
    [Fact]
    public void With_its_own_last_layer_a_model_answers_as_before()
    {
        var package = ModelPackage.Load(ModelPackage.BuiltIn);
        using var features = new FeatureModel(package);
        var (file, output) = features.With(OwnHead(File.ReadAllBytes(package.ModelPath)));
        var manifest = package.Manifest with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(file)), Output = package.Manifest.Output with { Name = output } };
        using var folder = PackageFolder.With(file, _ => manifest);
        using var before = new ImageClassifier(package);
        using var after = new ImageClassifier(ModelPackage.Load(folder.Path));
        foreach (var picture in new[] { Picture.Plain(300, 200, Picture.Red).Jpeg(), Picture.Detailed(512, 400).Jpeg() })
        {
            var (one, other) = (before.Classify(picture).Scores, after.Classify(picture).Scores);
            one.Zip(other, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-5f);
            // The features and the layer say the same without ONNX Runtime.
            Calibration.Softmax(OwnHead(File.ReadAllBytes(package.ModelPath)).LogitsOf(features.Extract(picture)), manifest.Output.Temperature).Zip(one, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-4f);
        }
    }

    [Fact]
    public void A_head_can_be_replaced_again()
    {
        using var first = new FeatureModel(ModelPackage.Load(ModelPackage.BuiltIn));
        var width = first.Extract(Picture.Plain(50, 50, Picture.Red).Jpeg()).Length;
        using var folder = Packed(first.With(new(Enumerable.Repeat(0.01f, width * 2).ToArray(), [0, 1])), ["a", "b"]);
        using var second = new FeatureModel(ModelPackage.Load(folder.Path));
        using var again = Packed(second.With(new(new float[width * 3], [0, 5, 1])), ["x", "y", "z"]);
        using var classifier = new ImageClassifier(ModelPackage.Load(again.Path));
        classifier.Classify(Picture.Detailed(400, 300).Jpeg()).Label.ShouldBe("y");
    }

    [Fact]
    public void A_graph_that_ends_with_no_layer_of_weights_is_refused()
    {
        using var folder = PackageFolder.With();
        var package = ModelPackage.Load(folder.Path);
        Should.Throw<ModelPackageException>(() => new FeatureModel(package)).Message.ShouldEndWith("model.onnx does not end with a linear layer or a convolution that could be replaced.");
    }

    [Fact]
    public void A_graph_with_branches_is_refused()
    {
        var tensor = TinyModel.FloatTensor("shift", 0, 0, 0);
        using var folder = PackageFolder.With(TinyModel.Model([TinyModel.Mean("x", "mean", [2, 3], false), .. TinyModel.AddInBranch("mean", "y", tensor, "shift")], TinyModel.Float32, [1, 3, 8, 8], [1, 3]));
        var package = ModelPackage.Load(folder.Path);
        Should.Throw<ModelPackageException>(() => new FeatureModel(package)).Message.ShouldContain("branches or loops");
    }

    private static LinearHead OwnHead(byte[] file)
    {
        var graph = ModelProto.Parser.ParseFrom(file).Graph;
        var layer = graph.Node.Single(node => node.OpType == "Gemm");
        float[] Values(string name) => [.. MemoryMarshal.Cast<byte, float>(graph.Initializer.Single(tensor => tensor.Name == name).RawData.Span)];
        var (weights, biases) = (Values(layer.Input[1]), Values(layer.Input[2]));
        // The file has [labels, features].
        var features = weights.Length / biases.Length;
        return new([.. Enumerable.Range(0, weights.Length).Select(i => weights[i % biases.Length * features + i / biases.Length])], biases);
    }

    private static PackageFolder Packed((byte[] File, string Output) model, string[] labels) => PackageFolder.With(model.File, manifest => manifest with
    {
        Input = ModelPackage.Load(ModelPackage.BuiltIn).Manifest.Input,
        Output = new OutputSpecification(model.Output, true, 1),
        Labels = labels,
        Thresholds = new Dictionary<string, double> { ["default"] = 0.1 },
    });
}
