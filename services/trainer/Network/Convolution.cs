using Assay.Trainer.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Assay.Trainer.Network;

/// <summary>A convolution with a ReLU after it, which can be written as ONNX.</summary>
internal sealed class Convolution : nn.Module<Tensor, Tensor>
{
    private readonly int from;
    private readonly int into;
    private readonly int size;
    private readonly int stride;
    private readonly int padding;
    private readonly Conv2d convolution;

    public Convolution(int from, int into, int size, int stride = 1, int padding = 0)
        : base(nameof(Convolution))
    {
        (this.from, this.into, this.size, this.stride, this.padding) = (from, into, size, stride, padding);
        convolution = nn.Conv2d(from, into, size, stride: stride, padding: padding);
        RegisterComponents();
    }

    /// <summary>Takes trained weights [into, from, size, size] and biases over.</summary>
    /// <exception cref="TrainerException">They are for another convolution.</exception>
    public void Load(TrainedConvolution trained)
    {
        if (!trained.Shape.SequenceEqual([into, from, size, size]) || trained.Biases.Length != into)
            throw new TrainerException($"The model to start from is not a SqueezeNet 1.1: a convolution of [{string.Join(", ", trained.Shape)}] is where [{into}, {from}, {size}, {size}] belongs.");
        using var noGradients = no_grad();
        using var weights = tensor(trained.Weights, trained.Shape);
        using var biases = tensor(trained.Biases);
        convolution.weight.copy_(weights);
        convolution.bias!.copy_(biases);
    }

    public override Tensor forward(Tensor input)
    {
        using var sum = convolution.forward(input);
        return nn.functional.relu(sum);
    }

    public string Export(OnnxGraph graph, string input) =>
        graph.Relu(graph.Convolution(input, Numbers(convolution.weight), Numbers(convolution.bias), into, from, size, stride, padding));

    internal static float[] Numbers(Tensor? tensor) => tensor!.detach().cpu().contiguous().data<float>().ToArray();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            convolution.Dispose();
        base.Dispose(disposing);
    }
}
