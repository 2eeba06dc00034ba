namespace Assay.Platform.Catalog.Facts;

/// <summary>A model package that a classifier has loaded. Written by <c>classify</c> when it starts.</summary>
public sealed class ModelFact
{
    /// <summary>Lower-case hex SHA-256 of <c>model.onnx</c>.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Hash of how pixels become a tensor.</summary>
    public required string PreprocessingHash { get; init; }

    /// <summary>Hash of the labels in their order.</summary>
    public required string LabelMapHash { get; init; }

    /// <summary>The package's name.</summary>
    public required string Name { get; init; }

    /// <summary>The package's version.</summary>
    public required string Version { get; init; }

    /// <summary>The labels, in the order of the scores.</summary>
    public required string[] Labels { get; init; }

    /// <summary>When it was first loaded. UTC.</summary>
    public required DateTime RegisteredAt { get; init; }
}
