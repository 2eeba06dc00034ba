namespace Assay.Classify;

/// <summary>A model package is not what it says it is, or not what Assay can run. It must be mended; trying again changes nothing.</summary>
/// <param name="folder">The package's folder.</param>
/// <param name="fault">One clause that names the file, the field, what it is and what it must be, without the final stop.</param>
/// <param name="inner">What the file system, the JSON reader or ONNX Runtime said.</param>
public sealed class ModelPackageException(string folder, string fault, Exception? inner = null)
    : Exception($"Model package {folder}: {fault}.", inner)
{
    /// <summary>The package's folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>What is wrong, e.g. <c>model.json: input.width is 0; it must be 1 to 4096</c>.</summary>
    public string Fault { get; } = fault;
}
