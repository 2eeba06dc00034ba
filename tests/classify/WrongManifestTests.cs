using System.Text.Json.Nodes;
using Assay.Classify;
using Shouldly;
using Xunit;

namespace Assay.Tests.Classify;

public sealed class WrongManifestTests
{
    [Theory]
    [InlineData("name", "\"Image Kinds\"", "name is \"Image Kinds\"; it must be lower-case letters and digits")]
    [InlineData("name", "\"../up\"", "name is \"../up\"; it must be")]
    [InlineData("version", "\"1..0\"", "version is \"1..0\"; it must be")]
    [InlineData("version", "1", "version is 1; it must be a text")]
    [InlineData("question", "\" \"", "question is empty")]
    [InlineData("licence", "\"\"", "licence is empty")]
    [InlineData("licence", "null", "licence is null; it must be a text")]
    [InlineData("licence", null, "licence is missing")]
    [InlineData("licens", "\"MIT\"", "licens is not a known field; here are only name, version, question, licence, sha256, input, output, labels, thresholds, review")]
    [InlineData("sha256", "\"ABC\"", "sha256 is \"ABC\"; it must be 64 lower-case hexadecimal digits")]
    [InlineData("input", "[]", "input is []; it must be an object")]
    [InlineData("input.name", "\"\"", "input.name is empty")]
    [InlineData("input.name", "\"z\"", "input.name is \"z\"; model.onnx has \"x\"")]
    [InlineData("input.width", "0", "input.width is 0; it must be 1 to 4096")]
    [InlineData("input.width", "1.5", "input.width is 1.5; it must be a whole number")]
    [InlineData("input.width", null, "input.width is missing")]
    [InlineData("input.height", "4097", "input.height is 4097; it must be 1 to 4096")]
    [InlineData("input.height", "9", "input.layout, input.width and input.height give the shape [1, 3, 9, 8]; the input \"x\" of model.onnx has [1, 3, 8, 8]")]
    [InlineData("input.layout", "\"CHW\"", "input.layout is \"CHW\"; it must be NCHW or NHWC")]
    [InlineData("input.layout", "\"NHWC\"", "input.layout, input.width and input.height give the shape [1, 8, 8, 3]")]
    [InlineData("input.type", "\"int8\"", "input.type is \"int8\"; it must be float32 or float16")]
    [InlineData("input.type", "0", "input.type is 0; it must be float32 or float16")]
    [InlineData("input.type", "\"float16\"", "input.type is float16; the input \"x\" of model.onnx is float32")]
    [InlineData("input.channels", "\"RGBA\"", "input.channels is \"RGBA\"; it must be RGB or BGR")]
    [InlineData("input.resize", "\"squash\"", "input.resize is \"squash\"; it must be stretch or crop or pad")]
    [InlineData("input.resampling", "\"nearest\"", "input.resampling is \"nearest\"; it must be lanczos or bilinear")]
    [InlineData("input.scale", "0", "input.scale is 0; it must be a finite number other than 0")]
    [InlineData("input.scale", "1e39", "input.scale, input.mean and input.std give values beyond")]
    [InlineData("input.mean", "[0, 0]", "input.mean has 2 numbers; it must have 3")]
    [InlineData("input.mean", "[0, \"0\", 0]", "input.mean is [0,\"0\",0]; it must be a list of numbers")]
    [InlineData("input.mean", "[0, 1e999, 0]", "input.mean is")]
    [InlineData("input.std", "[1, 1, 1, 1]", "input.std has 4 numbers; it must have 3")]
    [InlineData("input.std", "[1, 0, 1]", "input.std is [1, 0, 1]; each must be a finite number other than 0")]
    [InlineData("input.gamma", "2.2", "input.gamma is not a known field")]
    [InlineData("output.name", "\"\"", "output.name is empty")]
    [InlineData("output.name", "\"z\"", "output.name is \"z\"; model.onnx has \"y\"")]
    [InlineData("output.softmax", "\"yes\"", "output.softmax is \"yes\"; it must be true or false")]
    [InlineData("output.temperature", "0", "output.temperature is 0; it must be a finite number above 0")]
    [InlineData("output", """{ "name": "y", "softmax": false, "temperature": 2 }""", "output.temperature is 2; where output.softmax is false it must be 1")]
    [InlineData("labels", "\"photo\"", "labels is \"photo\"; it must be a list of texts")]
    [InlineData("labels", "[\"only\"]", "labels has 1 entries; it must have 2 to 10000")]
    [InlineData("labels", "[\"first\", \"second\"]", "labels has 2 entries; model.onnx answers 3 values")]
    [InlineData("labels", "[\"first\", \"second\", \"first\"]", "labels has \"first\" 2 times; each label must be there once")]
    [InlineData("labels", "[\"first\", \"second\", \"\"]", "labels[2] is \"\"; it must be a text")]
    [InlineData("labels", "[\"first\", \"second\", null]", "labels[2] is \"\"; it must be a text")]
    [InlineData("labels", "[\"first\", \"second\", \"a\\nb\"]", "labels[2] is")]
    [InlineData("labels", "[\"first\", \"second\", \"default\"]", "labels has \"default\", which in thresholds stands for every other label")]
    [InlineData("thresholds", "{}", "thresholds.default is missing")]
    [InlineData("thresholds", "[0.5]", "thresholds is [0.5]; it must be an object of numbers")]
    [InlineData("thresholds.default", "1.5", "thresholds.default is 1.5; it must be 0 to 1")]
    [InlineData("thresholds.second", "-0.1", "thresholds.second is -0.1; it must be 0 to 1")]
    [InlineData("thresholds.fourth", "0.5", "thresholds.fourth is for a label that labels does not have")]
    [InlineData("review", "3", "review is 3; it must be an object")]
    [InlineData("review", """{ "energy": -3 }""", "review.margin is missing")]
    [InlineData("review", """{ "margin": 1.5 }""", "review.margin is 1.5; it must be 0 to 1")]
    [InlineData("review", """{ "margin": 0.1, "energy": "low" }""", "review.energy is \"low\"; it must be a number")]
    [InlineData("review", """{ "margin": 0.1, "entropy": 1 }""", "review.entropy is not a known field; here are only margin, energy")]
    public void Every_wrong_value_is_refused_with_its_field(string field, string? json, string sentence)
    {
        using var folder = PackageFolder.With();
        Edit(folder.File("model.json"), field.Split('.'), json);

        var refusal = Should.Throw<ModelPackageException>(() => ModelPackage.Load(folder.Path));
        refusal.Fault.ShouldStartWith($"model.json: {sentence}");
        refusal.Message.ShouldStartWith($"Model package {folder.Path}: model.json: ");
    }

    [Theory]
    [InlineData("{", "model.json is not valid JSON")]
    [InlineData("", "model.json is not valid JSON")]
    [InlineData("[1]", "model.json: the whole is [1]; it must be an object")]
    [InlineData("""{ "name": "a", "name": "b" }""", "model.json is not valid JSON")]
    public void What_is_no_manifest_at_all_is_refused(string text, string sentence)
    {
        using var folder = PackageFolder.With();
        File.WriteAllText(folder.File("model.json"), text);
        Should.Throw<ModelPackageException>(() => ModelPackage.Load(folder.Path)).Fault.ShouldStartWith(sentence);
    }

    [Fact]
    public void A_label_that_is_too_long_is_refused()
    {
        using var folder = PackageFolder.With(change: manifest => manifest with { Labels = ["first", "second", new string('x', 201)] });
        Should.Throw<ModelPackageException>(() => ModelPackage.Load(folder.Path)).Fault.ShouldBe("model.json: labels[2] has 201 characters; at most 200 are allowed");
    }

    [Fact]
    public void Values_that_a_half_cannot_hold_are_refused()
    {
        using var folder = PackageFolder.With(
            TinyModel.ChannelMeans(TinyModel.Float16), manifest => manifest with { Input = manifest.Input with { Type = TensorElement.Float16, Scale = 300 } });
        Should.Throw<ModelPackageException>(() => ModelPackage.Load(folder.Path)).Fault.ShouldContain("give values beyond ±65504");
    }

    private static void Edit(string file, string[] path, string? json)
    {
        var root = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        var parent = path[..^1].Aggregate(root, (node, name) => node[name]!.AsObject());
        if (json is null)
            parent.Remove(path[^1]);
        else
            parent[path[^1]] = JsonNode.Parse(json);
        File.WriteAllText(file, root.ToJsonString());
    }
}
