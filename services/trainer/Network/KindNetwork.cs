using Assay.Trainer.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Assay.Trainer.Network;

/// <summary>
/// A small residual network: [N, 3, side, side] → logits [N, labels]. Five halvings, four residual pairs, then mean and maximum of each channel:
/// the mean says what a picture is made of, the maximum what is in it somewhere.
/// </summary>
internal sealed class KindNetwork : nn.Module<Tensor, Tensor>
{
    /// <summary>The name of the ONNX graph's input.</summary>
    public const string InputName = "image";

    /// <summary>The name of the ONNX graph's output.</summary>
    public const string OutputName = "logits";

    // Channels and the stride they are reached with; 0 is a residual pair at the current size. Two cheap halvings first: letters and thin lines are seen at full size, and all that
    // follows works on a sixteenth of the area.
    private static readonly (int Channels, int Stride)[] Plan = [(16, 2), (24, 2), (32, 2), (32, 0), (64, 2), (64, 0), (64, 0), (96, 2), (96, 0), (128, 1)];

    private readonly int labels;
    private readonly ModuleList<ConvolutionUnit> units = [];
    private readonly Dropout dropout = nn.Dropout(0.2);
    private readonly Linear last;

    public KindNetwork(int labels)
        : base(nameof(KindNetwork))
    {
        this.labels = labels;
        var channels = 3;
        foreach (var (into, stride) in Plan)
        {
            units.append(new ConvolutionUnit(channels, into, Math.Max(1, stride)));
            if (stride == 0)
                units.append(new ConvolutionUnit(into, into, 1));
            channels = into;
        }
        last = nn.Linear(2 * channels, labels);
        RegisterComponents();
    }

    private static int LastChannels => Plan[^1].Channels;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var unit = 0;
        var x = input;
        foreach (var (_, stride) in Plan)
        {
            x = stride > 0
                ? nn.functional.relu(units[unit++].forward(x))
                : nn.functional.relu(x + units[unit + 1].forward(nn.functional.relu(units[unit].forward(x))));
            unit += stride > 0 ? 0 : 2;
        }
        var pooled = cat([x.mean([2, 3]), x.amax([2, 3])], 1);
        return last.forward(dropout.forward(pooled)).MoveToOuterDisposeScope();
    }

    /// <summary>The same network as an ONNX file for batches of one.</summary>
    public byte[] Export(int side)
    {
        var graph = new OnnxGraph();
        var unit = 0;
        var x = InputName;
        foreach (var (_, stride) in Plan)
        {
            x = stride > 0
                ? graph.Relu(units[unit++].Export(graph, x))
                : graph.Relu(graph.Add(x, units[unit + 1].Export(graph, graph.Relu(units[unit].Export(graph, x)))));
            unit += stride > 0 ? 0 : 2;
        }
        var pooled = graph.Flatten(graph.Concat(graph.AveragePool(x), graph.MaxPool(x)));
        var logits = graph.Linear(pooled, ConvolutionUnit.Numbers(last.weight), ConvolutionUnit.Numbers(last.bias), labels, 2 * LastChannels);
        return graph.ToFile("image-kinds", InputName, [1, 3, side, side], logits, OutputName, [1, labels]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            units.Dispose();
            dropout.Dispose();
            last.Dispose();
        }
        base.Dispose(disposing);
    }
}
