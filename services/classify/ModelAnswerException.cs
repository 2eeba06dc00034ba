namespace Assay.Classify;

/// <summary>A model gives no usable answer. The model is at fault, not the image.</summary>
/// <param name="name">Which one.</param>
/// <param name="version">Its version.</param>
/// <param name="fault">What is wrong, as a clause.</param>
public sealed class ModelAnswerException(string name, string version, string fault)
    : InvalidOperationException($"Model {name} {version}: {fault}; if it is active, activate another version.");
