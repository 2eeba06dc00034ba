using System.Runtime.InteropServices;
using Assay.Classify.Onnx;
using Google.Protobuf;
using static Assay.Classify.Onnx.AttributeProto.Types;
using static Assay.Classify.Onnx.TensorProto.Types;

namespace Assay.Trainer.Onnx;

/// <summary>
/// An ONNX graph of 32-bit tensors in the making: one input, one output, weights inside the file. Each method adds a node and gives the name of its result.
/// </summary>
internal sealed class OnnxGraph
{
    private const int OperatorSet = 17;
    private const int IrVersion = 8;

    private readonly GraphProto graph = new();
    private int names;

    public string Convolution(string input, float[] weight, float[] bias, int into, int from, int size, int stride, int padding) =>
        Node("Conv", [input, Tensor(weight, into, from, size, size), Tensor(bias, into)],
            Integers("kernel_shape", size, size), Integers("strides", stride, stride), Integers("pads", padding, padding, padding, padding));

    public string Relu(string input) => Node("Relu", [input]);

    public string MaxPool(string input, int size, int stride) => Node("MaxPool", [input], Integers("kernel_shape", size, size), Integers("strides", stride, stride));

    public string GlobalAveragePool(string input) => Node("GlobalAveragePool", [input]);

    public string GlobalMaxPool(string input) => Node("GlobalMaxPool", [input]);

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
        graph.Name = name;
        graph.Node.Add(new NodeProto { OpType = "Identity", Input = { result }, Output = { output } });
        graph.Input.Add(Value(input, inputShape));
        graph.Output.Add(Value(output, outputShape));
        return new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "assay-trainer",
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = OperatorSet } },
        }.ToByteArray();
    }

    private string Node(string operation, string[] inputs, params AttributeProto[] attributes)
    {
        var result = $"{operation.ToLowerInvariant()}{++names}";
        graph.Node.Add(new NodeProto { Name = result, OpType = operation, Input = { inputs }, Output = { result }, Attribute = { attributes } });
        return result;
    }

    private string Tensor(float[] values, params long[] shape)
    {
        var name = $"weight{++names}";
        graph.Initializer.Add(new TensorProto { Name = name, DataType = (int)DataType.Float, Dims = { shape }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) });
        return name;
    }

    private static ValueInfoProto Value(string name, long[] shape) => new()
    {
        Name = name,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float, Shape = new TensorShapeProto { Dim = { shape.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }) } } },
        },
    };

    private static AttributeProto Integer(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    private static AttributeProto Integers(string name, params long[] values) => new() { Name = name, Type = AttributeType.Ints, Ints = { values } };
}
