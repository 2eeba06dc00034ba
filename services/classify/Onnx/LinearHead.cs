namespace Assay.Classify.Onnx;

/// <summary>The last layer of a classifier: features → logits.</summary>
/// <param name="Weights">[features, labels], row by row.</param>
/// <param name="Biases">One for each label.</param>
public sealed record LinearHead(float[] Weights, float[] Biases)
{
    /// <summary>What the layer makes of features.</summary>
    public float[] LogitsOf(float[] features)
    {
        ArgumentNullException.ThrowIfNull(features);
        float[] logits = [.. Biases];
        for (var feature = 0; feature < features.Length; feature++)
        {
            for (var label = 0; label < logits.Length; label++)
                logits[label] += features[feature] * Weights[feature * logits.Length + label];
        }
        return logits;
    }
}
