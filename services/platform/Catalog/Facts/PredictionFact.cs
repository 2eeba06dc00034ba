using Assay.Contracts;

namespace Assay.Platform.Catalog.Facts;

/// <summary>A model's answer for one gold image. Never overwritten; a better model adds a row. Written by <c>classify</c>.</summary>
public sealed record PredictionFact
{
    /// <summary>The role of an answer that counts.</summary>
    public const string Active = "active";

    /// <summary>The role of an answer that only watches.</summary>
    public const string Shadow = "shadow";

    /// <summary>Deterministic from image, recipe, model package and role, so that a second delivery finds the first one's row.</summary>
    public required Guid Id { get; init; }

    /// <summary>The image.</summary>
    public required Guid ImageId { get; init; }

    /// <summary>The recipe of the silver image behind the gold one that was looked at.</summary>
    public required string Recipe { get; init; }

    /// <summary>The package's name.</summary>
    public required string Model { get; init; }

    /// <summary>The package's version.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>Lower-case hex SHA-256 of the package's <c>model.json</c> in canonical form.</summary>
    public required string PackageSha256 { get; init; }

    /// <summary>Lower-case hex SHA-256 of <c>model.onnx</c>.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>Hash of how pixels become a tensor.</summary>
    public required string PreprocessingHash { get; init; }

    /// <summary>Hash of the labels in their order.</summary>
    public required string LabelMapHash { get; init; }

    /// <summary><c>active</c> (its label counts) or <c>shadow</c> (it only watches).</summary>
    public required string Role { get; init; }

    /// <summary>The label with the highest score.</summary>
    public required string Label { get; init; }

    /// <summary>Its score, 0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>Whether the score reaches the package's threshold for this label.</summary>
    public required bool Accepted { get; init; }

    /// <summary>All scores, in the order of the labels.</summary>
    public required float[] Scores { get; init; }

    /// <summary>By how much the highest score exceeds the second, 0 to 1.</summary>
    public required double Margin { get; init; }

    /// <summary>How little the image resembles what the model has learnt: the energy of its logits, lower is closer; null where the model answers with probabilities.</summary>
    public double? Energy { get; init; }

    /// <summary>Why a person should look, as far as the answer itself tells: of <see cref="Doubt"/>, separated by commas; empty where nothing speaks for it.</summary>
    public required string Doubts { get; init; }

    /// <summary>How long decoding and inference took, in milliseconds; 0 where a twin's scores were taken over.</summary>
    public required double DurationMs { get; init; }

    /// <summary>When. UTC.</summary>
    public required DateTime PredictedAt { get; init; }

    /// <summary>The image with the same bytes whose scores were taken over; null where the model was asked.</summary>
    public Guid? TwinOf { get; init; }

    /// <summary>The trace in which it was made, 32 lower-case hex digits; null where none was recorded.</summary>
    public string? TraceId { get; init; }

    /// <summary>The model as events and sidecars name it.</summary>
    public ModelIdentity Identity => new(Model, ModelVersion, ModelSha256);

    /// <summary>The same answer for an image with the same bytes.</summary>
    public PredictionFact TakenOverBy(Guid id, Guid imageId, DateTime predictedAt, string? traceId) =>
        this with { Id = id, ImageId = imageId, DurationMs = 0, PredictedAt = predictedAt, TwinOf = ImageId, TraceId = traceId };
}
