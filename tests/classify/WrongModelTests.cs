using Assay.Classify;
using Shouldly;
using Xunit;

namespace Assay.Tests.Classify;

public sealed class WrongModelTests
{
    private static readonly long[] Image = [1, 3, 8, 8];

    // "y" is the channels' means divided by nought.
    private static byte[] Infinite() => TinyModel.Model(
        [TinyModel.Mean("x", "m", [2, 3], false), TinyModel.Node("Sub", ["m", "m"], "nought"), TinyModel.Node("Div", ["m", "nought"], "y")], TinyModel.Float32, Image, [1, 3]);

    private static byte[] TwoInputs() => TinyModel.Model(
        [TinyModel.Mean("x", "m", [2, 3], false), TinyModel.Value(11, "x2", TinyModel.Float32, 1, 3), TinyModel.Node("Add", ["m", "x2"], "y")], TinyModel.Float32, Image, [1, 3]);

    private static byte[] OfOperation(string operation, params string[] domains) => TinyModel.Model(
        [TinyModel.Mean("x", "m", [2, 3], false), TinyModel.Node(operation, ["m"], "y", TinyModel.Text(7, domains.FirstOrDefault() ?? ""))], TinyModel.Float32, Image, [1, 3], null, domains);

    public static TheoryData<string, byte[], string> WrongModels => new()
    {
        { "nothing", [], "model.onnx is not an ONNX model" },
        { "text", "This is not a model."u8.ToArray(), "model.onnx is not an ONNX model" },
        { "cut off", TinyModel.ChannelMeans()[..^20], "model.onnx is not an ONNX model" },
        { "custom operator", OfOperation("Mine", "my.domain"), "model.onnx uses an operator that ONNX Runtime does not have, and custom operators are refused" },
        { "unknown operator", OfOperation("Mine"), "model.onnx uses an operator that ONNX Runtime does not have, and custom operators are refused" },
        { "wrong graph", TinyModel.Model([TinyModel.Node("Relu", ["absent"], "y")], TinyModel.Float32, Image, [1, 3]), "model.onnx is refused by ONNX Runtime: " },
        { "two inputs", TwoInputs(), "model.onnx has the inputs \"x2\", \"x\"; only models with one input can be asked" },
        { "input of another size", TinyModel.ChannelMeans(shape: [1, 3, 9, 8]), "model.json: input.layout, input.width and input.height give the shape [1, 3, 8, 8]; the input \"x\" of model.onnx has [1, 3, 9, 8]" },
        { "input of another rank", TinyModel.ChannelMeans(shape: [3, 8, 8], axes: [1, 2]), "model.json: input.layout, input.width and input.height give the shape [1, 3, 8, 8]; the input \"x\" of model.onnx has [3, 8, 8]" },
        { "batch of two", TinyModel.ChannelMeans(shape: [2, 3, 8, 8]), "model.json: input.layout, input.width and input.height give the shape [1, 3, 8, 8]" },
        { "half input", TinyModel.ChannelMeans(TinyModel.Float16), "model.json: input.type is float32; the input \"x\" of model.onnx is float16" },
        { "integer output", TinyModel.Model([TinyModel.Mean("x", "m", [2, 3], false), TinyModel.Node("Shape", ["m"], "y")], TinyModel.Float32, Image, [2], TinyModel.Int64), "model.json: output.name is \"y\", which in model.onnx is int64; it must be float32 or float16" },
        { "output of rank 3", TinyModel.Model([TinyModel.Mean("x", "y", [3], false)], TinyModel.Float32, Image, [1, 3, 8]), "model.json: output.name is \"y\", whose shape is [1, 3, 8]; it must be [1, N] or [1, N, 1, 1]" },
        { "a map instead of labels", TinyModel.Model([TinyModel.Node("Relu", ["x"], "y")], TinyModel.Float32, Image, Image), "model.json: output.name is \"y\", whose shape is [1, 3, 8, 8]; it must be [1, N] or [1, N, 1, 1]" },
        { "more values than labels", TinyModel.Model([TinyModel.Mean("x", "y", [1, 3], false)], TinyModel.Float32, Image, [1, 8]), "model.json: labels has 3 entries; model.onnx answers 8 values" },
        { "an output that may have any number of dimensions", TinyModel.OfAnyRank(), "model.onnx does not say how many dimensions its output \"y\" has; save it with the output's shape, [1, N] or [1, N, 1, 1]" },
        { "an opset of days to come", TinyModel.OfOpset(127), "model.onnx is of an opset that ONNX Runtime does not have; save the model for an older one: " },
        { "a loop without an end", TinyModel.Loop(1L << 60), "model.onnx has not answered a test image within 20 seconds" },
        { "infinite answers", Infinite(), "model.onnx answers a test image with numbers that are not finite (NaN or infinity)" },
    };

    [Theory]
    [MemberData(nameof(WrongModels))]
    public void A_model_that_does_not_fit_is_refused_with_what_is_wrong(string what, byte[] model, string sentence)
    {
        using var folder = PackageFolder.With(model);
        Should.Throw<ModelPackageException>(() => ModelPackage.Load(folder.Path), what).Fault.ShouldStartWith(sentence);
    }

    [Fact]
    public void A_loop_that_ends_is_fine()
    {
        using var folder = PackageFolder.With(TinyModel.Loop(3));
        ModelPackage.Load(folder.Path).Identity.Sha256.ShouldNotBeEmpty();
    }

    [Fact]
    public void Logits_declared_as_probabilities_are_refused()
    {
        using var folder = PackageFolder.With(change: manifest => manifest with
        {
            Input = manifest.Input with { Scale = 1 },
            Output = manifest.Output with { Softmax = false },
        });
        Should.Throw<ModelPackageException>(() => ModelPackage.Load(folder.Path)).Fault.ShouldStartWith("model.json: output.softmax is false, but model.onnx answers ");
    }

    [Fact]
    public void A_model_that_was_changed_is_refused_by_its_checksum()
    {
        using var folder = PackageFolder.With(change: manifest => manifest with { Sha256 = new string('a', 64) });
        Should.Throw<ModelPackageException>(() => ModelPackage.Load(folder.Path)).Fault.ShouldStartWith($"model.json: sha256 is {new string('a', 64)}, but model.onnx has ");
    }

    [Fact]
    public void A_model_that_is_changed_after_it_was_verified_is_not_opened()
    {
        using var folder = PackageFolder.With();
        var package = ModelPackage.Load(folder.Path);
        File.WriteAllBytes(package.ModelPath, TinyModel.ChannelMeans(keepDimensions: true));
        Should.Throw<ModelPackageException>(() => new ImageClassifier(package)).Fault.ShouldStartWith("model.json: sha256 is ");
    }

    [Fact]
    public void A_model_over_the_size_limit_is_refused_before_it_is_read()
    {
        using var folder = PackageFolder.With();
        using (var file = File.OpenWrite(folder.File("model.onnx")))
            file.SetLength(ModelPackage.MaxModelBytes + 1);
        Should.Throw<ModelPackageException>(() => ModelPackage.Load(folder.Path)).Fault.ShouldBe("model.onnx has 134217729 bytes; at most 134217728 are allowed");
    }

    [Theory]
    [InlineData("model.json", "model.json is missing")]
    [InlineData("model.onnx", "model.onnx is missing")]
    public void A_missing_file_is_named(string file, string sentence)
    {
        using var folder = PackageFolder.With();
        File.Delete(folder.File(file));
        Should.Throw<ModelPackageException>(() => ModelPackage.Load(folder.Path)).Fault.ShouldBe(sentence);
    }

    [Fact]
    public void A_missing_folder_is_named() =>
        Should.Throw<ModelPackageException>(() => ModelPackage.Load("/no/such/folder")).Message.ShouldBe("Model package /no/such/folder: there is no such folder.");
}
