namespace Assay.Platform.Catalog.Facts;

/// <summary>A version of a model was given a state. Its newest one counts. Written by <c>assay models</c> and <c>assay setup</c>.</summary>
public sealed class ModelTransitionFact
{
    /// <summary>The package's name.</summary>
    public required string Name { get; init; }

    /// <summary>Counts the transitions of all versions of this name from 1: of two people who decide at once, one comes second.</summary>
    public required int Number { get; init; }

    /// <summary>The package's version.</summary>
    public required string Version { get; init; }

    /// <summary>One of the constants of <see cref="ModelState"/>.</summary>
    public required string State { get; init; }

    /// <summary>Who decided.</summary>
    public required string ChangedBy { get; init; }

    /// <summary>When. UTC.</summary>
    public required DateTime ChangedAt { get; init; }
}
