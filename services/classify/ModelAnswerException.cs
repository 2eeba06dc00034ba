using Assay.Contracts;

namespace Assay.Classify;

/// <summary>A model answers with numbers that are none. The model is at fault, not the image.</summary>
/// <param name="model">Which one.</param>
public sealed class ModelAnswerException(ModelIdentity model)
    : InvalidOperationException($"Model {model.Name} {model.Version} answers with numbers that are not finite; go back to another version.");
