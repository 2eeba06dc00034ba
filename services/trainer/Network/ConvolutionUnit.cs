using Assay.Trainer.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Assay.Trainer.Network;

/// <summary>A 3 × 3 convolution and its batch normalisation; in the exported file the two are one convolution.</summary>
internal sealed class ConvolutionUnit : nn.Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-5;

    private readonly int from;
    private readonly int into;
    private readonly int stride;
    private readonly Conv2d convolution;
    private readonly BatchNorm2d norm;

    public ConvolutionUnit(int from, int into, int stride)
        : base(nameof(ConvolutionUnit))
    {
        (this.from, this.into, this.stride) = (from, into, stride);
        convolution = nn.Conv2d(from, into, 3, stride: stride, padding: 1, bias: false);
        norm = nn.BatchNorm2d(into, eps: Epsilon);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => norm.forward(convolution.forward(input));

    public string Export(OnnxGraph graph, string input)
    {
        var weight = Numbers(convolution.weight);
        var (gain, shift, mean, variance) = (Numbers(norm.weight), Numbers(norm.bias), Numbers(norm.running_mean), Numbers(norm.running_var));
        var folded = new float[weight.Length];
        var bias = new float[into];
        for (var channel = 0; channel < into; channel++)
        {
            var factor = gain[channel] / Math.Sqrt(variance[channel] + Epsilon);
            bias[channel] = (float)(shift[channel] - mean[channel] * factor);
            for (var i = 0; i < from * 9; i++)
                folded[channel * from * 9 + i] = (float)(weight[channel * from * 9 + i] * factor);
        }
        return graph.Convolution(input, folded, bias, into, from, 3, stride);
    }

    internal static float[] Numbers(Tensor? tensor) => tensor!.detach().cpu().contiguous().data<float>().ToArray();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            convolution.Dispose();
            norm.Dispose();
        }
        base.Dispose(disposing);
    }
}
