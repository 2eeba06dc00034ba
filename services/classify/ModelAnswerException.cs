using Assay.Contracts;

namespace Assay.Classify;

/// <summary>A model gives no usable answer. The model is at fault, not the image.</summary>
/// <param name="model">Which one.</param>
/// <param name="fault">What is wrong, as a clause.</param>
public sealed class ModelAnswerException(ModelIdentity model, string fault)
    : InvalidOperationException($"Model {model.Name} {model.Version}: {fault}; if it is active, activate another version.");
