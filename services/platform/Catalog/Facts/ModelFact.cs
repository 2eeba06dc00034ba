namespace Assay.Platform.Catalog.Facts;

/// <summary>A model package that has been verified and is kept in the <c>models</c> bucket. Written by <c>assay models add</c> and <c>assay setup</c>.</summary>
public sealed class ModelFact
{
    /// <summary>The package's name: of several versions the same. Answers of models with different names stand beside each other.</summary>
    public required string Name { get; init; }

    /// <summary>The package's version: never two packages with the same.</summary>
    public required string Version { get; init; }

    /// <summary>Lower-case hex SHA-256 of <c>model.json</c> in canonical form, which holds <see cref="Sha256"/>: it stands for everything that decides an answer.</summary>
    public required string PackageSha256 { get; init; }

    /// <summary>Lower-case hex SHA-256 of <c>model.onnx</c>.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Hash of how pixels become a tensor.</summary>
    public required string PreprocessingHash { get; init; }

    /// <summary>Hash of the labels in their order.</summary>
    public required string LabelMapHash { get; init; }

    /// <summary>The question that it answers, for people.</summary>
    public required string Question { get; init; }

    /// <summary>Under which licence it may be used.</summary>
    public required string Licence { get; init; }

    /// <summary>The labels, in the order of the scores.</summary>
    public required string[] Labels { get; init; }

    /// <summary>The size of <c>model.onnx</c> in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>When it was added. UTC.</summary>
    public required DateTime RegisteredAt { get; init; }
}
