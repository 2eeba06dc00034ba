namespace Assay.Trainer.Network;

/// <summary>The weights with which a network had its lowest loss on pictures that it does not learn from.</summary>
/// <param name="network">The network.</param>
/// <param name="patience">So many worse checks in a row are enough to stop.</param>
internal sealed class BestWeights(KindNetwork network, int patience)
{
    private byte[]? weights;
    private double lowest = double.MaxValue;
    private int worse;

    /// <summary>Hears the loss of now, and says whether the best was too long ago for a better one to come.</summary>
    public bool IsLongAgo(double loss)
    {
        if (loss >= lowest)
            return ++worse >= patience;
        (lowest, worse) = (loss, 0);
        using var stream = new MemoryStream();
        network.save(stream);
        weights = stream.ToArray();
        return false;
    }

    /// <summary>Gives the network its best weights back, if it was ever checked.</summary>
    public void Restore()
    {
        if (weights is null)
            return;
        using var stream = new MemoryStream(weights);
        network.load(stream);
    }
}
