using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.Collections;
using static Assay.Classify.Onnx.AttributeProto.Types;

namespace Assay.Classify.Onnx;

/// <summary>A classifier's graph without its last layer: what that layer was given is the output, as [1, <see cref="Features"/>] of 32 bits.</summary>
internal sealed class Headless
{
    private const string Convolution = "Conv", Product = "MatMul", Linear = "Gemm";

    // What may come after the last layer and has no weights of its own, but perhaps a bias.
    private static readonly HashSet<string> After =
        ["Identity", "Softmax", "LogSoftmax", "Sigmoid", "Relu", "Clip", "Cast", "Flatten", "Reshape", "Squeeze", "Dropout", "Add", "GlobalAveragePool", "AveragePool", "ReduceMean"];

    private readonly ModelProto model;

    private Headless(ModelProto model, int features, string output)
    {
        this.model = model;
        Features = features;
        Output = output;
    }

    /// <summary>How many features there are.</summary>
    public int Features { get; }

    /// <summary>The output's name.</summary>
    public string Output { get; }

    /// <summary>Takes the last layer off, and all that only it needed.</summary>
    /// <param name="file">model.onnx.</param>
    /// <param name="output">The output that the labels come from.</param>
    /// <param name="package">What the package is called in the message.</param>
    /// <exception cref="ModelPackageException">There is no last layer that could be replaced.</exception>
    public static Headless Of(byte[] file, string output, string package)
    {
        var model = ModelProto.Parser.ParseFrom(file);
        var graph = model.Graph;
        if (graph.Node.Any(node => node.Attribute.Any(attribute => attribute.Type is AttributeType.Graph or AttributeType.Graphs)))
            throw new ModelPackageException(package, "model.onnx has branches or loops, so that its last layer cannot be replaced");
        // Of two weights of one name ONNX Runtime takes the last.
        Dictionary<string, TensorProto> weights = [];
        foreach (var tensor in graph.Initializer)
            weights[tensor.Name] = tensor;
        var last = LastLayer(graph, weights, output) ?? throw new ModelPackageException(package, "model.onnx does not end with a linear layer or a convolution that could be replaced");
        var features = FeaturesOf(last, weights[last.Input[1]].Dims);
        Prune(graph, last.Input[0]);

        var result = last.Input[0];
        // Of a map of features, as a convolution has it, the mean of each.
        if (last.OpType == Convolution)
            result = Append(graph, "GlobalAveragePool", [result]);
        result = Append(graph, "Flatten", [result]);
        result = Append(graph, "Cast", [result], new AttributeProto { Name = "to", Type = AttributeType.Int, I = (int)TensorProto.Types.DataType.Float });
        SetOutput(graph, result, features);
        return new(model, features, result);
    }

    /// <summary>The file.</summary>
    public byte[] ToFile() => model.ToByteArray();

    /// <summary>The file with a new last layer; gives the output's name too.</summary>
    public (byte[] File, string Output) With(LinearHead head)
    {
        var whole = model.Clone();
        var labels = head.Biases.Length;
        var weights = AddWeights(whole.Graph, "weights", head.Weights, Features, labels);
        var biases = AddWeights(whole.Graph, "biases", head.Biases, labels);
        var logits = Append(whole.Graph, Linear, [Output, weights, biases]);
        SetOutput(whole.Graph, logits, labels);
        return (whole.ToByteArray(), logits);
    }

    private static NodeProto? LastLayer(GraphProto graph, Dictionary<string, TensorProto> weights, string output)
    {
        // An output that is left out has no name.
        var makers = graph.Node.SelectMany(node => node.Output.Where(name => name.Length > 0).Select(name => (name, node))).ToDictionary(pair => pair.name, pair => pair.node);
        var value = output;
        while (value is not null && makers.TryGetValue(value, out var node))
        {
            if (node.OpType is Convolution or Product or Linear && node.Input.Count > 1 && weights.ContainsKey(node.Input[1]))
                return node;
            if (!After.Contains(node.OpType))
                return null;
            value = node.Input.FirstOrDefault(name => !weights.ContainsKey(name));
        }
        return null;
    }

    private static int FeaturesOf(NodeProto layer, RepeatedField<long> shape) => (int)(layer.OpType switch
    {
        Convolution => shape[1],
        Linear when layer.Attribute.Any(attribute => attribute is { Name: "transB", I: 1 }) => shape[1],
        _ => shape[0],
    });

    // The nodes are in the order of their work (ONNX demands it): going backwards, whoever needs a value comes before its maker.
    private static void Prune(GraphProto graph, string wanted)
    {
        HashSet<string> needed = [wanted];
        for (var i = graph.Node.Count - 1; i >= 0; i--)
        {
            if (graph.Node[i].Output.Any(needed.Contains))
                needed.UnionWith(graph.Node[i].Input);
            else
                graph.Node.RemoveAt(i);
        }
        RemoveUnneeded(graph.Initializer, tensor => tensor.Name);
        RemoveUnneeded(graph.Input, input => input.Name);
        // Shapes in between are for readers; ONNX Runtime works them out.
        graph.ValueInfo.Clear();

        void RemoveUnneeded<T>(IList<T> list, Func<T, string> name)
        {
            for (var i = list.Count - 1; i >= 0; i--)
            {
                if (!needed.Contains(name(list[i])))
                    list.RemoveAt(i);
            }
        }
    }

    private static string Append(GraphProto graph, string operation, string[] inputs, params AttributeProto[] attributes)
    {
        var name = NewName(graph, operation.ToLowerInvariant());
        graph.Node.Add(new NodeProto { Name = name, OpType = operation, Input = { inputs }, Output = { name }, Attribute = { attributes } });
        return name;
    }

    private static string AddWeights(GraphProto graph, string name, float[] values, params long[] shape)
    {
        name = NewName(graph, name);
        graph.Initializer.Add(new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float, Dims = { shape }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) });
        return name;
    }

    // A model may have been given a head before.
    private static string NewName(GraphProto graph, string wish)
    {
        var taken = graph.Node.SelectMany(node => node.Output.Append(node.Name)).Concat(graph.Initializer.Select(tensor => tensor.Name)).Concat(graph.Input.Select(input => input.Name)).ToHashSet();
        return Enumerable.Range(1, int.MaxValue).Select(number => $"head_{wish}_{number}").First(name => !taken.Contains(name));
    }

    private static void SetOutput(GraphProto graph, string name, long values)
    {
        graph.Output.Clear();
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimValue = 1 }, new TensorShapeProto.Types.Dimension { DimValue = values } } };
        graph.Output.Add(new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } },
        });
    }
}
