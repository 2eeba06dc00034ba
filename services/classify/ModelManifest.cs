using System.Text.Json;
using System.Text.Json.Serialization;

namespace Assay.Classify;

/// <summary>What model.json says about the model beside it. Every field but <c>review</c> is required, unknown ones are refused: a misspelt field must not become a silent default.</summary>
/// <param name="Name">The model's name: lower-case letters, digits, and <c>.</c> <c>-</c> <c>_</c> between them; at most 64 characters.</param>
/// <param name="Version">Its version, spelt like the name.</param>
/// <param name="Question">The question that it answers, for people.</param>
/// <param name="Licence">The model's licence, preferably an SPDX identifier.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of model.onnx.</param>
/// <param name="Input">What the input is made of.</param>
/// <param name="Output">What the output means.</param>
/// <param name="Labels">One label per output, in order; unique.</param>
/// <param name="Thresholds">The confidence from which an answer is accepted, 0 to 1: <c>default</c>, and labels that differ from it.</param>
/// <param name="Review">When else a person should look; null for never.</param>
public sealed record ModelManifest(
    string Name,
    string Version,
    string Question,
    string Licence,
    string Sha256,
    InputSpecification Input,
    OutputSpecification Output,
    IReadOnlyList<string> Labels,
    IReadOnlyDictionary<string, double> Thresholds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReviewSpecification? Review = null)
{
    /// <summary>The entry of <see cref="Thresholds"/> for every label that has none of its own.</summary>
    public const string DefaultThreshold = "default";

    private static readonly ManifestJson Indented = new(new JsonSerializerOptions(ManifestJson.Default.Options) { WriteIndented = true });

    /// <summary>The confidence from which an answer with this label is accepted.</summary>
    public double ThresholdOf(string label) => Thresholds.TryGetValue(label, out var own) ? own : Thresholds[DefaultThreshold];

    /// <summary>Checks every value that can be judged without the model.</summary>
    /// <param name="package">What the package is called in the message.</param>
    /// <exception cref="ModelPackageException">The first value that is wrong.</exception>
    public void Require(string package) => ManifestRules.Check(this, package);

    /// <summary>The text of model.json, indented.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Indented.ModelManifest);
}

/// <summary>What the model's output means: the <c>output</c> section of model.json.</summary>
/// <param name="Name">The name of the ONNX graph's output: float32 or float16, of shape [1, labels] or [1, labels, 1, 1].</param>
/// <param name="Softmax">Whether the output are logits that softmax makes probabilities; otherwise it must be within 0 to 1 already.</param>
/// <param name="Temperature">What logits are divided by before softmax, fitted on validation data; above 0. 1 changes nothing; without softmax it must be 1.</param>
public sealed record OutputSpecification(string Name, bool Softmax, double Temperature);

/// <summary>What makes an answer doubtful besides a low confidence: the <c>review</c> section of model.json.</summary>
/// <param name="Margin">By how much the best score must exceed the second, 0 to 1; 0 never doubts.</param>
/// <param name="Energy">
/// The energy above which a picture resembles nothing that the model has learnt; null where that is not asked. The energy is −T · ln Σ exp(logit ÷ T) with the model's temperature T
/// (Liu et al., Energy-based Out-of-distribution Detection, 2020), so that it takes an output of logits.
/// </param>
public sealed record ReviewSpecification(double Margin, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Energy = null);
