using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Assay.Contracts;

namespace Assay.Classify;

/// <summary>A folder with <c>model.onnx</c> and <c>model.json</c> that has been verified: the one agrees with the other, and the model answers.</summary>
public sealed class ModelPackage
{
    /// <summary>The manifest's file name.</summary>
    public const string ManifestFile = "model.json";

    /// <summary>The model's file name.</summary>
    public const string ModelFile = "model.onnx";

    /// <summary>The largest model that is loaded, in bytes: 128 MiB. Loading takes about 2.2 times that (measured), beside the model that it replaces, and a worker has 512 MiB for everything.</summary>
    public const long MaxModelBytes = 128 << 20;

    private ModelPackage(string folder, ModelManifest manifest)
    {
        Folder = folder;
        Manifest = manifest;
        Sha256 = Hash(JsonSerializer.SerializeToUtf8Bytes(manifest with { Thresholds = new SortedDictionary<string, double>(manifest.Thresholds.ToDictionary(), StringComparer.Ordinal) }, ManifestJson.Default.ModelManifest));
        Identity = new ModelIdentity(manifest.Name, manifest.Version, manifest.Sha256);
        PreprocessingHash = Hash(JsonSerializer.SerializeToUtf8Bytes(manifest.Input, ManifestJson.Default.InputSpecification));
        LabelMapHash = Hash(Encoding.UTF8.GetBytes(string.Join('\n', manifest.Labels)));
    }

    /// <summary>The full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>What model.json says.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>
    /// Lower-case hex SHA-256 of model.json in canonical form: no white space, declared field order, shortest round-trip numbers, thresholds by name. It holds the
    /// checksum of model.onnx, and so stands for everything that decides an answer.
    /// </summary>
    public string Sha256 { get; }

    /// <summary>The full path of model.onnx.</summary>
    public string ModelPath => Path.Combine(Folder, ModelFile);

    /// <summary>Name, version and checksum, as events and facts carry them.</summary>
    public ModelIdentity Identity { get; }

    /// <summary>Lower-case hex SHA-256 of the input section in canonical JSON: no white space, declared field order, shortest round-trip numbers.</summary>
    public string PreprocessingHash { get; }

    /// <summary>Lower-case hex SHA-256 of the labels in order, joined by line feeds, in UTF-8.</summary>
    public string LabelMapHash { get; }

    /// <summary>The package that comes with Assay: the folder <c>model</c> beside the program.</summary>
    public static string BuiltIn { get; } = Path.Combine(AppContext.BaseDirectory, "model");

    /// <summary>Reads and verifies a package: every field, the checksum, the graph's names, types and shapes, and one inference.</summary>
    /// <exception cref="ModelPackageException">Something is wrong; the message names the folder, the file and the field.</exception>
    public static ModelPackage Load(string folder)
    {
        var (package, model) = Open(folder);
        model.Dispose();
        return package;
    }

    /// <summary>The same, and the model that has been verified: opening it twice would take its memory and its time twice.</summary>
    /// <exception cref="ModelPackageException">Something is wrong; the message names the folder, the file and the field.</exception>
    internal static (ModelPackage Package, OnnxModel Model) Open(string folder)
    {
        folder = Path.GetFullPath(folder);
        if (!Directory.Exists(folder))
            throw new ModelPackageException(folder, "there is no such folder");
        var manifest = ManifestReader.Read(folder);
        ManifestRules.Check(manifest, folder);
        var package = new ModelPackage(folder, manifest);
        var model = package.OpenModel();
        try
        {
            model.Verify(manifest);
        }
        catch
        {
            model.Dispose();
            throw;
        }
        return (package, model);
    }

    /// <summary>Reads the model again, and checks its checksum again: the file may have changed since the package was verified.</summary>
    internal OnnxModel OpenModel() => OnnxModel.Open(ReadModel(), Folder);

    /// <summary>model.onnx, if it is still the one that model.json names.</summary>
    internal byte[] ReadModel()
    {
        var file = new FileInfo(ModelPath);
        if (!file.Exists)
            throw new ModelPackageException(Folder, "model.onnx is missing");
        if (file.Length > MaxModelBytes)
            throw new ModelPackageException(Folder, $"model.onnx has {file.Length} bytes; at most {MaxModelBytes} are allowed");
        var bytes = File.ReadAllBytes(ModelPath);
        var actual = Hash(bytes);
        if (actual != Manifest.Sha256)
            throw new ModelPackageException(Folder, $"model.json: sha256 is {Manifest.Sha256}, but model.onnx has {actual}");
        return bytes;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
