using System.Security.Cryptography;
using Assay.Classify;
using Assay.Tests.Classify;
using Shouldly;
using Xunit;

namespace Assay.Tests.Trainer;

/// <summary>The trainer as its users start it: built, in a Debian root where this machine's C++ library is too old, on a few pictures for a few batches.</summary>
public sealed class TrainingTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("assay-training-").FullName;

    [Fact]
    public async Task The_same_pictures_start_and_seed_give_the_same_package_and_it_is_one_that_answers()
    {
        await Tools.RequireAsync("debootstrap", "--version");
        var pictures = SomePictures(SharedFolder.Require("datasets", "image-kinds"));
        using var start = ImageNetTests.PackageOf(SharedFolder.Require("models", "squeezenet-fp16"));

        string[] models = [await TrainAsync(pictures, start.Path, "first"), await TrainAsync(pictures, start.Path, "second")];

        models[1].ShouldBe(models[0]);
        var package = ModelPackage.Load(Path.Combine(folder, "first"));
        package.Manifest.Labels.ShouldBe(["chart", "diagram", "document", "drawing", "photo", "screenshot"]);
        using var classifier = new ImageClassifier(package);
        var gold = await File.ReadAllBytesAsync(Directory.GetFiles(Path.Combine(pictures, "train", "photo"))[0], TestContext.Current.CancellationToken);
        classifier.Classify(gold).Scores.Sum().ShouldBe(1, 0.001);
        var card = await File.ReadAllTextAsync(Path.Combine(folder, "first", "MODEL-CARD.md"), TestContext.Current.CancellationToken);
        card.ShouldContain($"model.onnx: SHA-256 {ModelPackage.Load(start.Path).Manifest.Sha256}");
        card.ShouldContain("right among the surest 75 %");
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task<string> TrainAsync(string pictures, string start, string name)
    {
        var package = Path.Combine(folder, name);
        await Tools.RunAsync(Path.Combine(Repository.Root, "services", "trainer", "train"), pictures, start, package, "--batches", "2", "--rendered", "1", "--side", "96");
        return Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(package, ModelPackage.ModelFile))));
    }

    // Of each label so many that batches differ.
    private string SomePictures(string all)
    {
        var some = Path.Combine(folder, "pictures");
        foreach (var part in (string[])["train", "validation"])
        {
            foreach (var label in Directory.GetDirectories(Path.Combine(all, part)))
            {
                var target = Directory.CreateDirectory(Path.Combine(some, part, Path.GetFileName(label))).FullName;
                foreach (var file in Directory.GetFiles(label).Order(StringComparer.Ordinal).Take(6))
                    File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
            }
        }
        return some;
    }
}
