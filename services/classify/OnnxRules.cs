using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Assay.Classify;

/// <summary>What a graph's inputs and outputs must be to fit the manifest.</summary>
internal static class OnnxRules
{
    public static string? FirstFault(IReadOnlyDictionary<string, NodeMetadata> inputs, IReadOnlyDictionary<string, NodeMetadata> outputs, ModelManifest manifest) =>
        InputFaults(inputs, manifest.Input).Concat(OutputFaults(outputs, manifest)).FirstOrDefault();

    private static IEnumerable<string> InputFaults(IReadOnlyDictionary<string, NodeMetadata> inputs, InputSpecification input)
    {
        if (!inputs.TryGetValue(input.Name, out var node))
        {
            yield return $"model.json: input.name is \"{input.Name}\"; model.onnx has {Names(inputs)}";
            yield break;
        }
        if (inputs.Count > 1)
            yield return $"model.onnx has the inputs {Names(inputs)}; only models with one input can be asked";
        if (!node.IsTensor || node.ElementDataType != ElementType(input.Type))
            yield return $"model.json: input.type is {Word(ElementType(input.Type))}; the input \"{input.Name}\" of model.onnx is {Word(node)}";
        else if (!Fits(node.Dimensions, input.Shape))
        {
            yield return $"model.json: input.layout, input.width and input.height give the shape {Shape(input.Shape)}; "
                + $"the input \"{input.Name}\" of model.onnx has {Shape(node.Dimensions)}";
        }
    }

    private static IEnumerable<string> OutputFaults(IReadOnlyDictionary<string, NodeMetadata> outputs, ModelManifest manifest)
    {
        var name = manifest.Output.Name;
        if (!outputs.TryGetValue(name, out var node))
            yield return $"model.json: output.name is \"{name}\"; model.onnx has {Names(outputs)}";
        else if (!node.IsTensor || node.ElementDataType is not (TensorElementType.Float or TensorElementType.Float16))
            yield return $"model.json: output.name is \"{name}\", which in model.onnx is {Word(node)}; it must be float32 or float16";
        // What is open is -1; none at all is what ONNX Runtime gives when it cannot tell.
        else if (node.Dimensions.Length == 0)
            yield return $"model.onnx does not say how many dimensions its output \"{name}\" has; save it with the output's shape, [1, N] or [1, N, 1, 1]";
    }

    /// <summary>The clause about an output's real shape, or null: [1, labels], or [1, labels, 1, 1] as fully convolutional networks have it.</summary>
    public static string? OutputShapeFault(long[] shape, ModelManifest manifest)
    {
        if (shape.Length is not (2 or 4) || shape[0] != 1 || shape.Skip(2).Any(dimension => dimension != 1))
            return $"model.json: output.name is \"{manifest.Output.Name}\", whose shape is {Shape(shape)}; it must be [1, N] or [1, N, 1, 1]";
        if (shape[1] != manifest.Labels.Count)
            return $"model.json: labels has {manifest.Labels.Count} entries; model.onnx answers {shape[1]} values";
        return null;
    }

    public static TensorElementType ElementType(TensorElement element) => element == TensorElement.Float16 ? TensorElementType.Float16 : TensorElementType.Float;

    // ONNX Runtime gives -1 for a dimension that the graph leaves open.
    private static bool Fits(int[] declared, long[] wanted) =>
        declared.Length == wanted.Length && declared.Zip(wanted).All(pair => pair.First == -1 || pair.First == pair.Second);

    private static string Names(IReadOnlyDictionary<string, NodeMetadata> nodes) => string.Join(", ", nodes.Keys.Select(name => $"\"{name}\""));

    private static string Shape<T>(IEnumerable<T> dimensions) where T : struct => $"[{string.Join(", ", dimensions).Replace("-1", "any", StringComparison.Ordinal)}]";

    private static string Word(NodeMetadata node) => node.IsTensor ? Word(node.ElementDataType) : $"no tensor but {node.OnnxValueType}";

    private static string Word(TensorElementType type) => type switch
    {
        TensorElementType.Float => "float32",
        TensorElementType.Double => "float64",
        var other => other.ToString().ToLowerInvariant(),
    };
}
