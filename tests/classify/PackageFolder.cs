using System.Security.Cryptography;
using Assay.Classify;

namespace Assay.Tests.Classify;

/// <summary>A model package in a folder of its own, deleted at the end. Right unless a test makes it wrong.</summary>
internal sealed class PackageFolder : IDisposable
{
    public static readonly InputSpecification TinyInput = new(
        "x", 8, 8, TensorLayout.Nchw, TensorElement.Float32, ChannelOrder.Rgb, 1 / 255.0, [0, 0, 0], [1, 1, 1], ResizeRule.Stretch);

    public static readonly ModelManifest TinyManifest = new(
        "tiny", "1.0.0", "Which channel is strongest?", "Apache-2.0", new string('0', 64), TinyInput, new OutputSpecification("y", true, 1),
        ["first", "second", "third"], new Dictionary<string, double> { ["default"] = 0.5, ["second"] = 0.9 });

    public PackageFolder() => Path = Directory.CreateTempSubdirectory("assay-model-").FullName;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Writes a package: the manifest gets the model's checksum unless it has one already.</summary>
    public static PackageFolder With(byte[]? model = null, Func<ModelManifest, ModelManifest>? change = null)
    {
        var folder = new PackageFolder();
        model ??= TinyModel.ChannelMeans();
        System.IO.File.WriteAllBytes(folder.File("model.onnx"), model);
        var manifest = TinyManifest with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(model)) };
        System.IO.File.WriteAllText(folder.File("model.json"), (change is null ? manifest : change(manifest)).ToJson());
        return folder;
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
