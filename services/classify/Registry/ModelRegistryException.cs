namespace Assay.Classify.Registry;

/// <summary>What was asked of the registry cannot be done; the message says why and what to do.</summary>
public sealed class ModelRegistryException(string message) : Exception(message);
