using Assay.Trainer.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Assay.Trainer.Network;

/// <summary>
/// SqueezeNet 1.1 with another end: [N, 3, side, side] → logits [N, labels]. Four halvings, eight fire modules, then mean and maximum of each channel:
/// the mean says what a picture is made of, the maximum what is in it somewhere.
/// </summary>
internal sealed class KindNetwork : nn.Module<Tensor, Tensor>
{
    /// <summary>The name of the ONNX graph's input.</summary>
    public const string InputName = "image";

    /// <summary>The name of the ONNX graph's output.</summary>
    public const string OutputName = "logits";

    /// <summary>Below this width and height nothing is left after the last halving: a convolution and three maxima of 3 × 3, none of them padded.</summary>
    public const int SmallestSide = 31;

    /// <summary>
    /// So many fire modules, and the convolution before them, stay as they were: edges, colours and simple textures are the same in all pictures, and learning them again takes more than half of the time.
    /// </summary>
    public const int Kept = 2;

    private const int First = 64;
    private const double Epsilon = 1e-5;

    // Channels after squeezing and of each of the two expansions; the largest value of 3 × 3 at every second place is taken before the first, third and fifth.
    private static readonly (int Squeezed, int Expanded)[] Plan = [(16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192), (64, 256), (64, 256)];

    private readonly int labels;
    private readonly Convolution first = new(3, First, 3, stride: 2);
    private readonly ModuleList<Fire> fires = [];
    private readonly BatchNorm1d norm;
    private readonly Dropout dropout = nn.Dropout(0.3);
    private readonly Linear last;

    /// <param name="start">The convolutions of a SqueezeNet 1.1 that has been trained on other pictures, and its own last one.</param>
    /// <param name="labels">How many labels there are.</param>
    /// <exception cref="TrainerException">It is another network.</exception>
    public KindNetwork(IReadOnlyList<TrainedConvolution> start, int labels)
        : base(nameof(KindNetwork))
    {
        this.labels = labels;
        var channels = First;
        foreach (var (squeezed, expanded) in Plan)
        {
            fires.append(new Fire(channels, squeezed, expanded));
            channels = 2 * expanded;
        }
        norm = nn.BatchNorm1d(2 * channels, eps: Epsilon, affine: false);
        last = nn.Linear(2 * channels, labels);
        RegisterComponents();

        Convolution[] all = [first, .. fires.SelectMany(fire => fire.Convolutions)];
        if (start.Count != all.Length + 1)
            throw new TrainerException($"The model to start from is not a SqueezeNet 1.1: it has {start.Count} convolutions instead of {all.Length + 1}.");
        foreach (var (convolution, trained) in all.Zip(start))
            convolution.Load(trained);
    }

    private static int LastChannels => 2 * Plan[^1].Expanded;

    /// <summary>What is learnt anew, not from a start.</summary>
    public IEnumerable<Parameter> Last => last.parameters();

    /// <summary>What has been trained on other pictures.</summary>
    public IEnumerable<Parameter> Body => fires.Skip(Kept).SelectMany(fire => fire.parameters());

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = AsStarted(input);
        for (var i = Kept; i < Plan.Length; i++)
            x = Next(i, x);
        var pooled = cat([x.mean([2, 3]), x.amax([2, 3])], 1);
        return last.forward(dropout.forward(norm.forward(pooled))).MoveToOuterDisposeScope();
    }

    /// <summary>The same network as an ONNX file for batches of one.</summary>
    public byte[] Export(int side)
    {
        var graph = new OnnxGraph();
        var x = first.Export(graph, InputName);
        for (var i = 0; i < Plan.Length; i++)
            x = fires[i].Export(graph, IsHalvedBefore(i) ? graph.MaxPool(x, 3, 2) : x);
        var pooled = graph.Flatten(graph.Concat(graph.GlobalAveragePool(x), graph.GlobalMaxPool(x)));
        var (weights, biases) = LastWithNorm();
        var logits = graph.Linear(pooled, weights, biases, labels, 2 * LastChannels);
        return graph.ToFile("image-kinds", InputName, [1, 3, side, side], logits, OutputName, [1, labels]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            first.Dispose();
            fires.Dispose();
            norm.Dispose();
            dropout.Dispose();
            last.Dispose();
        }
        base.Dispose(disposing);
    }

    // The normalisation and the last layer as one.
    private (float[] Weights, float[] Biases) LastWithNorm()
    {
        var (weights, biases, mean, variance) = (Convolution.Numbers(last.weight), Convolution.Numbers(last.bias), Convolution.Numbers(norm.running_mean), Convolution.Numbers(norm.running_var));
        for (var label = 0; label < labels; label++)
        {
            var shift = 0.0;
            for (var i = 0; i < mean.Length; i++)
            {
                ref var weight = ref weights[label * mean.Length + i];
                weight = (float)(weight / Math.Sqrt(variance[i] + Epsilon));
                shift += (double)weight * mean[i];
            }
            biases[label] -= (float)shift;
        }
        return (weights, biases);
    }

    private Tensor AsStarted(Tensor input)
    {
        using var noGradients = no_grad();
        return Enumerable.Range(0, Kept).Aggregate(first.forward(input), (x, i) => Next(i, x));
    }

    private Tensor Next(int fire, Tensor x) => fires[fire].forward(IsHalvedBefore(fire) ? nn.functional.max_pool2d(x, 3, 2) : x);

    private static bool IsHalvedBefore(int fire) => fire is 0 or 2 or 4;
}
