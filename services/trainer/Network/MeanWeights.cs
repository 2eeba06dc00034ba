using static TorchSharp.torch;

namespace Assay.Trainer.Network;

/// <summary>
/// The mean of a network's weights over the later part of its training. It depends less on the pictures that came last than any single step's, and holds better for pictures of other
/// sources (Izmailov et al., Averaging Weights Leads to Wider Optima and Better Generalization, 2018; Cha et al., SWAD: Domain Generalization by Seeking Flat Minima, 2021).
/// </summary>
/// <param name="network">The network.</param>
internal sealed class MeanWeights(KindNetwork network) : IDisposable
{
    // Also what the normalisation has seen: not quite what it would have seen with the mean weights, but the answers are better than a single step's. Of counters there is no mean.
    private readonly (Tensor Now, Tensor Mean)[] weights = [.. network.state_dict().Values.Where(tensor => tensor.is_floating_point()).Select(tensor => (tensor, tensor.detach().clone()))];
    private int steps;

    /// <summary>Takes the weights of now into the mean.</summary>
    public void Add()
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        steps++;
        foreach (var (now, mean) in weights)
            mean.add_(now - mean, 1.0 / steps);
    }

    /// <summary>Gives the network the mean for its weights, and takes them in its place: twice is as before.</summary>
    public void Exchange()
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (now, mean) in weights)
        {
            var before = now.clone();
            now.copy_(mean);
            mean.copy_(before);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, mean) in weights)
            mean.Dispose();
    }
}
