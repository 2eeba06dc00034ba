using System.Runtime.InteropServices;
using Assay.Classify;
using Assay.Classify.Onnx;
using Assay.Tests.Classify;
using Shouldly;
using Xunit;

namespace Assay.Tests.Trainer;

/// <summary>
/// The trainer as its users start it: built, in a Debian root where this machine's C++ library is too old, on a few pictures for a few batches. Alone, because it takes the whole machine;
/// <c>ASSAY_TEST_TRAINER=false</c> leaves it out.
/// </summary>
[Collection(nameof(TrainingTests))]
[CollectionDefinition(nameof(TrainingTests), DisableParallelization = true)]
public sealed class TrainingTests : IDisposable
{
    private const string Unseen = "somebody/else";

    private static readonly string[] Sources = ["one/source", "another/source", Unseen];
    private static readonly string Script = Path.Combine(Repository.Root, "services", "trainer", "train");

    private readonly string folder = Directory.CreateTempSubdirectory("assay-training-").FullName;

    [Fact]
    public async Task The_same_pictures_start_and_seed_give_the_same_package_which_keeps_what_the_start_sees_and_answers_other_labels()
    {
        if (Environment.GetEnvironmentVariable("ASSAY_TEST_TRAINER") == "false")
            Assert.Skip("ASSAY_TEST_TRAINER=false: training downloads libtorch and takes the whole machine.");
        await Tools.RequireAsync(Script, "--check");
        SomePictures(SharedFolder.Require("datasets", "image-kinds"));
        using var start = ImageNetTests.PackageOf(SharedFolder.Require("models", "squeezenet-fp16"));

        var (package, again) = (await TrainAsync(start.Path, "first"), await TrainAsync(start.Path, "second"));

        again.Sha256.ShouldBe(package.Sha256);
        package.Manifest.Labels.ShouldBe(["chart", "diagram", "document", "drawing", "photo", "screenshot"]);
        using var classifier = new ImageClassifier(package);
        classifier.Classify(await File.ReadAllBytesAsync(Directory.GetFiles(Path.Combine(folder, "train", "photo"))[0], TestContext.Current.CancellationToken)).Scores.Sum().ShouldBe(1, 0.001);
        var card = await File.ReadAllTextAsync(Path.Combine(package.Folder, "MODEL-CARD.md"), TestContext.Current.CancellationToken);
        card.ShouldContain($"model.onnx: SHA-256 {ModelPackage.Load(start.Path).Manifest.Sha256}");
        card.ShouldContain("And what 2 other networks answered about the sources that each was trained without");
        card.ShouldContain($"| {Unseen} | CC0-1.0 | 18 | judging only |");

        var (before, after) = (Convolutions(ModelPackage.Load(start.Path)), Convolutions(package));
        // A plain colour gives the same before and after: once as BGR less ImageNet's mean, once as RGB from -1 to 1.
        foreach (var (red, green, blue) in ((double, double, double)[])[(255, 0, 0), (0, 255, 0), (0, 0, 255), (12, 130, 77)])
        {
            var expected = Plain(before[0], blue - 104, green - 117, red - 123);
            Plain(after[0], red / 127.5 - 1, green / 127.5 - 1, blue / 127.5 - 1).Zip(expected).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 0.01);
        }
        after[1].Weights.ShouldBe(before[1].Weights);
        after[^1].Weights.Zip(before[after.Count - 1].Weights).Average(pair => (double)Math.Abs(pair.First - pair.Second)).ShouldBeInRange(1e-6, 1e-2);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task<ModelPackage> TrainAsync(string start, string name)
    {
        var package = Path.Combine(folder, name);
        await Tools.RunAsync(Script, folder, start, package, "--batches", "2", "--rendered", "1", "--side", "96", "--leave-out", "2", "--unseen", Unseen);
        return ModelPackage.Load(package);
    }

    // Of each label and source a few, so that batches differ.
    private void SomePictures(string all)
    {
        List<string> table = ["file\trepo\tlicence"];
        foreach (var part in (string[])["train", "validation"])
        {
            foreach (var label in Directory.GetDirectories(Path.Combine(all, part)).Select(path => Path.GetFileName(path)))
            {
                Directory.CreateDirectory(Path.Combine(folder, part, label));
                foreach (var (i, file) in Directory.GetFiles(Path.Combine(all, part, label)).Order(StringComparer.Ordinal).Take(part == "train" ? 6 : 3).Index())
                {
                    var name = $"{part}/{label}/{Path.GetFileName(file)}";
                    File.Copy(file, Path.Combine(folder, name));
                    table.Add($"{name}\t{Sources[i % Sources.Length]}\tCC0-1.0");
                }
            }
        }
        File.WriteAllLines(Path.Combine(folder, "SOURCES.tsv"), table);
    }

    private static List<(float[] Weights, float[] Biases)> Convolutions(ModelPackage package)
    {
        var graph = ModelProto.Parser.ParseFrom(File.ReadAllBytes(package.ModelPath)).Graph;
        float[] Numbers(string name)
        {
            var tensor = graph.Initializer.Single(one => one.Name == name);
            return tensor.DataType == TinyModel.Float16
                ? [.. MemoryMarshal.Cast<byte, Half>(tensor.RawData.Span).ToArray().Select(value => (float)value)]
                : MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();
        }
        return [.. graph.Node.Where(node => node.OpType == "Conv").Select(node => (Numbers(node.Input[1]), Numbers(node.Input[2])))];
    }

    // What a 3 × 3 convolution makes of a plain picture: one number for each of its channels.
    private static double[] Plain((float[] Weights, float[] Biases) convolution, params double[] channels) =>
        [.. convolution.Biases.Select((bias, into) => bias + channels.Select((value, channel) => value * convolution.Weights.Skip((into * 3 + channel) * 9).Take(9).Sum(weight => (double)weight)).Sum())];
}
