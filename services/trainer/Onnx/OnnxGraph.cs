using System.Runtime.InteropServices;

namespace Assay.Trainer.Onnx;

/// <summary>
/// An ONNX graph of 32-bit tensors in the making: one input, one output, weights inside the file. Each method adds a node and gives the name of its result.
/// </summary>
internal sealed class OnnxGraph
{
    private const int OperatorSet = 17;
    private const int IrVersion = 8;
    private const int Float = 1;
    private const int AttributeInteger = 2;
    private const int AttributeIntegers = 7;

    private readonly OnnxMessage graph = new();
    private int names;

    public string Convolution(string input, float[] weight, float[] bias, int into, int from, int size, int stride) =>
        Node("Conv", [input, Tensor(weight, into, from, size, size), Tensor(bias, into)],
            Integers("kernel_shape", size, size), Integers("strides", stride, stride), Integers("pads", size / 2, size / 2, size / 2, size / 2));

    public string Relu(string input) => Node("Relu", [input]);

    public string Add(string left, string right) => Node("Add", [left, right]);

    public string AveragePool(string input) => Node("GlobalAveragePool", [input]);

    public string MaxPool(string input) => Node("GlobalMaxPool", [input]);

    public string Concat(string left, string right) => Node("Concat", [left, right], Integer("axis", 1));

    public string Flatten(string input) => Node("Flatten", [input], Integer("axis", 1));

    /// <summary>A fully connected layer; <paramref name="weight"/> is [into, from] as PyTorch has it.</summary>
    public string Linear(string input, float[] weight, float[] bias, int into, int from) =>
        Node("Gemm", [input, Tensor(weight, into, from), Tensor(bias, into)], Integer("transB", 1));

    /// <summary>The whole file.</summary>
    /// <param name="name">The graph's name.</param>
    /// <param name="input">The input's name.</param>
    /// <param name="inputShape">Its shape.</param>
    /// <param name="result">The name of the last node's result, which becomes the output.</param>
    /// <param name="output">The output's name.</param>
    /// <param name="outputShape">Its shape.</param>
    public byte[] ToFile(string name, string input, long[] inputShape, string result, string output, long[] outputShape)
    {
        graph.Message(1, new OnnxMessage().Text(1, result).Text(2, output).Text(4, "Identity"));
        graph.Text(2, name).Message(11, Value(input, inputShape)).Message(12, Value(output, outputShape));
        return new OnnxMessage()
            .Number(1, IrVersion)
            .Text(2, "assay-trainer")
            .Message(7, graph)
            .Message(8, new OnnxMessage().Text(1, "").Number(2, OperatorSet))
            .ToArray();
    }

    private string Node(string operation, string[] inputs, params OnnxMessage[] attributes)
    {
        var node = new OnnxMessage();
        foreach (var input in inputs)
            node.Text(1, input);
        var result = $"{operation.ToLowerInvariant()}{++names}";
        node.Text(2, result).Text(3, result).Text(4, operation);
        foreach (var attribute in attributes)
            node.Message(5, attribute);
        graph.Message(1, node);
        return result;
    }

    private string Tensor(float[] values, params int[] shape)
    {
        var name = $"weight{++names}";
        var tensor = new OnnxMessage();
        foreach (var dimension in shape)
            tensor.Number(1, dimension);
        graph.Message(5, tensor.Number(2, Float).Text(8, name).Bytes(9, MemoryMarshal.AsBytes(values.AsSpan())));
        return name;
    }

    private static OnnxMessage Value(string name, long[] shape)
    {
        var dimensions = new OnnxMessage();
        foreach (var size in shape)
            dimensions.Message(1, new OnnxMessage().Number(1, size));
        return new OnnxMessage().Text(1, name).Message(2, new OnnxMessage().Message(1, new OnnxMessage().Number(1, Float).Message(2, dimensions)));
    }

    private static OnnxMessage Integer(string name, long value) => new OnnxMessage().Text(1, name).Number(3, value).Number(20, AttributeInteger);

    private static OnnxMessage Integers(string name, params long[] values)
    {
        var attribute = new OnnxMessage().Text(1, name);
        foreach (var value in values)
            attribute.Number(8, value);
        return attribute.Number(20, AttributeIntegers);
    }
}
