using System.Runtime.InteropServices;
using Assay.Classify;
using Assay.Classify.Onnx;
using static Assay.Classify.Onnx.TensorProto.Types;

namespace Assay.Trainer.Network;

/// <summary>A convolution of a model that was trained elsewhere.</summary>
/// <param name="Shape">[into, from, height, width].</param>
/// <param name="Weights">In this order.</param>
/// <param name="Biases">One for each channel that it makes.</param>
internal sealed record TrainedConvolution(long[] Shape, float[] Weights, float[] Biases)
{
    /// <summary>All convolutions of a package, in the order of their work. The first is changed such that it takes what the new network is given: RGB from -1 to 1.</summary>
    /// <exception cref="TrainerException">There is none that takes colours, or one has no bias, or weights of another type than 16 or 32 bits.</exception>
    public static IReadOnlyList<TrainedConvolution> Of(ModelPackage package)
    {
        var graph = ModelProto.Parser.ParseFrom(File.ReadAllBytes(package.ModelPath)).Graph;
        // Of two weights of one name ONNX Runtime takes the last.
        Dictionary<string, TensorProto> tensors = [];
        foreach (var tensor in graph.Initializer)
            tensors[tensor.Name] = tensor;
        TrainedConvolution[] all = [.. graph.Node.Where(node => node.OpType == "Conv").Select(node => node.Input.Count == 3 && node.Input.Skip(1).All(tensors.ContainsKey)
            ? new TrainedConvolution([.. tensors[node.Input[1]].Dims], Numbers(tensors[node.Input[1]]), Numbers(tensors[node.Input[2]]))
            : throw new TrainerException("The model to start from has a convolution without weights and bias of its own."))];
        if (all is not [{ Shape: [_, 3, _, _] }, ..] || !BeginsWithConvolution(graph, package.Manifest.Input.Name))
            throw new TrainerException("The model to start from does not begin with a convolution of three channels without padding.");
        return [all[0].ForPixels(package.Manifest.Input), .. all.Skip(1)];
    }

    // What came before it, or was padded with, would have to be part of what it is changed by.
    private static bool BeginsWithConvolution(GraphProto graph, string input) =>
        graph.Node[0] is { OpType: "Conv" } first && first.Input[0] == input && first.Attribute.All(attribute => attribute.Name != "auto_pad" && (attribute.Name != "pads" || attribute.Ints.All(pad => pad == 0)));

    // Theirs is (p × scale − mean) ÷ std of a pixel p in their channels' order, ours q = p ÷ 127.5 − 1: p = 127.5 × (q + 1). Exact, because nothing is padded.
    private TrainedConvolution ForPixels(InputSpecification theirs)
    {
        var area = (int)(Shape[2] * Shape[3]);
        var weights = new float[Weights.Length];
        var biases = Biases.Select(bias => (double)bias).ToArray();
        for (var into = 0; into < Shape[0]; into++)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                var gain = 127.5 * theirs.Scale / theirs.Std[channel];
                var shift = (127.5 * theirs.Scale - theirs.Mean[channel]) / theirs.Std[channel];
                var ours = theirs.Channels == ChannelOrder.Bgr ? 2 - channel : channel;
                for (var i = 0; i < area; i++)
                {
                    var weight = Weights[(into * 3 + channel) * area + i];
                    weights[(into * 3 + ours) * area + i] = (float)(weight * gain);
                    biases[into] += weight * shift;
                }
            }
        }
        return new(Shape, weights, [.. biases.Select(bias => (float)bias)]);
    }

    private static float[] Numbers(TensorProto tensor) => (DataType)tensor.DataType switch
    {
        DataType.Float when tensor.HasRawData => MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray(),
        DataType.Float16 when tensor.HasRawData => [.. MemoryMarshal.Cast<byte, Half>(tensor.RawData.Span).ToArray().Select(value => (float)value)],
        _ => throw new TrainerException($"The model to start from has the weights {tensor.Name} in another way than as 16 or 32 bits each."),
    };
}
