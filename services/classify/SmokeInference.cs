using Microsoft.ML.OnnxRuntime;

namespace Assay.Classify;

/// <summary>One inference on a made-up image, before any real one: the only way to learn whether a model answers at all.</summary>
internal static class SmokeInference
{
    /// <summary>How long the answer may take. No image could wait for longer; a model may have loops.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    public static string? FirstFault(InferenceSession session, ModelManifest manifest)
    {
        using var input = InferenceBuffers.NewInput(manifest.Input);
        // Every value of every channel, in an order without a pattern: a flat image would be all zeros to some networks.
        var pixels = new byte[ImageTensor.Length(manifest.Input)];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i * 2654435761u >> 24);
        InferenceBuffers.Fill(input, pixels, manifest.Input);

        using var run = new RunOptions();
        using var patience = new CancellationTokenSource(Patience);
        using var end = patience.Token.Register(() => run.Terminate = true);
        using var outputs = session.Run(run, [manifest.Input.Name], [input], [manifest.Output.Name]);
        if (OnnxRules.OutputShapeFault(outputs[0].GetTensorTypeAndShape().Shape, manifest) is { } fault)
            return fault;
        var values = new float[manifest.Labels.Count];
        InferenceBuffers.CopyTo(outputs[0], values);
        if (!Array.TrueForAll(values, float.IsFinite))
            return "model.onnx answers a test image with numbers that are not finite (NaN or infinity)";
        if (!manifest.Output.Softmax && !Array.TrueForAll(values, value => value is >= -Tolerance and <= 1 + Tolerance))
            return $"model.json: output.softmax is false, but model.onnx answers {values.Min()} to {values.Max()}, not 0 to 1; set it to true if these are logits";
        return null;
    }

    // The sum of rounded 16-bit probabilities may put one a little above 1.
    private const float Tolerance = 0.001f;
}
