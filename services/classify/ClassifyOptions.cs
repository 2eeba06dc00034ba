using System.ComponentModel.DataAnnotations;

namespace Assay.Classify;

/// <summary>Which model answers. Section <c>Classify</c>.</summary>
public sealed class ClassifyOptions
{
    /// <summary>The folder of the model package. Default: the package that comes with Assay, in <c>model</c> beside the program.</summary>
    [Required]
    public string Model { get; init; } = Path.Combine(AppContext.BaseDirectory, "model");
}
