using System.Security.Cryptography;
using System.Text.Json;
using Assay.Classify;
using NetVips;
using Shouldly;
using Xunit;

namespace Assay.Tests.Classify;

/// <summary>A model that was not made here: SqueezeNet 1.1 with a thousand ImageNet classes in 16-bit, from Caffe.</summary>
public sealed class ImageNetTests
{
    // What Caffe's models were trained with: blue first, 0 to 255, ImageNet's mean colour subtracted. Of 30 combinations tried, only this one names all four.
    private static readonly InputSpecification Input = new(
        "data_0", 224, 224, TensorLayout.Nchw, TensorElement.Float16, ChannelOrder.Bgr, 1, [104, 117, 123], [1, 1, 1], ResizeRule.Crop, Resampling.Bilinear);

    [Theory]
    [InlineData(Resampling.Lanczos, "pelican.jpeg", 0.8, "pelican")]
    [InlineData(Resampling.Lanczos, "bald_eagle.jpeg", 0.8, "bald eagle")]
    [InlineData(Resampling.Lanczos, "kitten.png", 0.8, "tabby", "tiger cat", "Egyptian cat")]
    [InlineData(Resampling.Lanczos, "fish.png", 0.4, "tench", "barracouta", "coho", "goldfish", "sturgeon", "gar")]
    [InlineData(Resampling.Bilinear, "pelican.jpeg", 0.8, "pelican")]
    [InlineData(Resampling.Bilinear, "bald_eagle.jpeg", 0.8, "bald eagle")]
    [InlineData(Resampling.Bilinear, "kitten.png", 0.8, "tabby", "tiger cat", "Egyptian cat")]
    [InlineData(Resampling.Bilinear, "fish.png", 0.4, "tench", "barracouta", "coho", "goldfish", "sturgeon", "gar")]
    public void A_foreign_model_names_the_animal(Resampling resampling, string file, double confidence, params string[] names)
    {
        var source = SharedFolder.Require("models", "squeezenet-fp16");
        using var folder = PackageOf(source, resampling);
        using var classifier = new ImageClassifier(ModelPackage.Load(folder.Path));

        var prediction = classifier.Classify(AsGold(Path.Combine(source, file)));

        names.ShouldContain(prediction.Label.Split(',')[0]);
        prediction.Confidence.ShouldBeGreaterThan(confidence);
        prediction.Scores.Length.ShouldBe(1000);
        prediction.Scores.Sum().ShouldBe(1, 0.01);
    }

    /// <summary>The model as a package.</summary>
    internal static PackageFolder PackageOf(string source, Resampling resampling = Resampling.Bilinear)
    {
        var model = File.ReadAllBytes(Path.Combine(source, "model.onnx"));
        var map = JsonSerializer.Deserialize<Dictionary<int, string>>(File.ReadAllText(Path.Combine(source, "Labels.json")))!;
        return PackageFolder.With(model, _ => new ModelManifest(
            "squeezenet-fp16", "1.1.0", "What is in the picture?", "Apache-2.0", Convert.ToHexStringLower(SHA256.HashData(model)),
            Input with { Resampling = resampling },
            // The graph ends with its own softmax.
            new OutputSpecification("softmaxout_1", false, 1),
            // ImageNet has two cranes, the bird and the machine.
            [.. Enumerable.Range(0, map.Count).Select(i => map[i] == "crane" ? $"crane ({i})" : map[i])],
            new Dictionary<string, double> { ["default"] = 0.5 }));
    }

    // At most 512 pixels, no transparency, JPEG.
    private static byte[] AsGold(string file)
    {
        global::Assay.Platform.Pixels.Vips.Prepare();
        using var image = Image.NewFromFile(file);
        using var small = image.ThumbnailImage(512, height: 512, size: Enums.Size.Down);
        return small.JpegsaveBuffer(q: 85, background: [255, 255, 255], keep: Enums.ForeignKeep.None);
    }
}
