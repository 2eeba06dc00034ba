using System.Text.Json.Serialization;

namespace Assay.Platform.Objects;

/// <summary>What one quality rule says about an image.</summary>
/// <param name="Rule">The rule's name, e.g. <c>blurred</c>: see docs/quality.md.</param>
/// <param name="RuleVersion">Grows when the rule's formula changes, so that old and new values are not compared.</param>
/// <param name="Value">What the rule looked at.</param>
/// <param name="Threshold">The limit that held at the time.</param>
/// <param name="Verdict">Whether the value is within it.</param>
public sealed record QualityVerdict(string Rule, int RuleVersion, double Value, double Threshold, QualityOutcome Verdict);

/// <summary>The two answers of a quality rule.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QualityOutcome>))]
public enum QualityOutcome
{
    /// <summary>Nothing to say.</summary>
    [JsonStringEnumMemberName("pass")]
    Pass,

    /// <summary>A person who uses the image should know.</summary>
    [JsonStringEnumMemberName("warn")]
    Warn,
}
