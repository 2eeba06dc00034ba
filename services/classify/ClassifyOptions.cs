using System.ComponentModel.DataAnnotations;

namespace Assay.Classify;

/// <summary>Which model answers first. Section <c>Classify</c>.</summary>
public sealed class ClassifyOptions
{
    /// <summary>
    /// The folder of a model package that <c>assay setup</c> and <c>assay run</c> register and make active when they start. Default: the package that comes
    /// with Assay, and only where no model is active yet; from then on <c>assay models</c> decides.
    /// </summary>
    [MinLength(1)]
    public string? Model { get; init; }
}
