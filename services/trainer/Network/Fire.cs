using Assay.Trainer.Onnx;
using static TorchSharp.torch;

namespace Assay.Trainer.Network;

/// <summary>SqueezeNet's module: a 1 × 1 convolution to few channels, then a 1 × 1 and a 3 × 3 convolution side by side to many (Iandola et al., SqueezeNet, 2016, section 3.2).</summary>
internal sealed class Fire : nn.Module<Tensor, Tensor>
{
    private readonly Convolution squeeze;
    private readonly Convolution narrow;
    private readonly Convolution wide;

    public Fire(int from, int squeezed, int expanded)
        : base(nameof(Fire))
    {
        squeeze = new Convolution(from, squeezed, 1);
        narrow = new Convolution(squeezed, expanded, 1);
        wide = new Convolution(squeezed, expanded, 3, padding: 1);
        RegisterComponents();
    }

    public IEnumerable<Convolution> Convolutions => [squeeze, narrow, wide];

    public override Tensor forward(Tensor input)
    {
        var squeezed = squeeze.forward(input);
        return cat([narrow.forward(squeezed), wide.forward(squeezed)], 1);
    }

    public string Export(OnnxGraph graph, string input)
    {
        var squeezed = squeeze.Export(graph, input);
        return graph.Concat(narrow.Export(graph, squeezed), wide.Export(graph, squeezed));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            squeeze.Dispose();
            narrow.Dispose();
            wide.Dispose();
        }
        base.Dispose(disposing);
    }
}
