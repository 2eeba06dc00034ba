using System.Text.Json;
using System.Text.Json.Serialization;
using Assay.Contracts;

namespace Assay.Platform.Objects;

/// <summary>
/// The JSON file beside every gold image: all that is known about it, for people and programs that have the file and nothing else.
/// The enrich stage writes it; the classify stage completes it.
/// </summary>
/// <param name="ImageId">The image's id.</param>
/// <param name="Source">The configured source it came from.</param>
/// <param name="Batch">What came together with it, if anything did.</param>
/// <param name="UserId">Who it belongs to, if known.</param>
/// <param name="UploadedAt">When it was uploaded. UTC.</param>
/// <param name="IngestedAt">When Assay took it in. UTC.</param>
/// <param name="Raw">The original as it came.</param>
/// <param name="Cleansed">The harmonised copy, in silver.</param>
/// <param name="BronzePath">Where the original is kept: <c>bucket/key</c>.</param>
/// <param name="GoldPath">Where the gold image is: <c>bucket/key</c>.</param>
/// <param name="Metadata">What the original says about itself.</param>
/// <param name="Quality">What was measured, and what the rules say about it.</param>
/// <param name="Enricher">The version of the enricher.</param>
/// <param name="EnrichedAt">When it was enriched. UTC.</param>
/// <param name="Classifications">What it shows: the newest answer of each model, in the order of their names; none until the classify stage has answered.</param>
public sealed record Sidecar(
    Guid ImageId,
    string Source,
    string? Batch,
    string? UserId,
    DateTime UploadedAt,
    DateTime IngestedAt,
    SidecarRaw Raw,
    SidecarCleansed Cleansed,
    string BronzePath,
    string GoldPath,
    ImageMetadata Metadata,
    SidecarQuality Quality,
    string Enricher,
    DateTime EnrichedAt,
    IReadOnlyList<SidecarClassification> Classifications)
{
    /// <summary>No sidecar is larger: what strangers wrote into an image is cut long before.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The same sidecar with the answers of models in place of any that models of these names gave earlier.</summary>
    public Sidecar WithAnswers(params IReadOnlyList<SidecarClassification> answers) => this with
    {
        Classifications = [.. Classifications.Where(old => answers.All(answer => answer.Model.Name != old.Model.Name)).Concat(answers).OrderBy(answer => answer.Model.Name, StringComparer.Ordinal)],
    };

    /// <summary>UTF-8 JSON, indented; the same sidecar always gives the same bytes.</summary>
    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, SidecarJson.Default.Sidecar), (byte)'\n'];

    /// <summary>Reads what <see cref="ToJson"/> wrote. Members that this version does not know are ignored.</summary>
    /// <exception cref="JsonException">The bytes are not a sidecar.</exception>
    public static Sidecar Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, SidecarJson.Default.Sidecar) ?? throw new JsonException("The sidecar is the JSON value null.");

    /// <summary>How the sidecar writes where an object is.</summary>
    public static string PathOf(ObjectReference reference) => $"{reference.Bucket}/{reference.Key}";
}

/// <summary>The original as it came.</summary>
/// <param name="Name">The file name as the uploader wrote it.</param>
/// <param name="Path">The landing object's whole key, or the path of the file.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of its bytes.</param>
/// <param name="MediaType">What its bytes are.</param>
/// <param name="Width">Its width in pixels, upright.</param>
/// <param name="Height">Its height in pixels, upright.</param>
public sealed record SidecarRaw(string Name, string Path, long Bytes, string Sha256, string MediaType, int Width, int Height);

/// <summary>The harmonised copy.</summary>
/// <param name="Name">Its file name: the image id.</param>
/// <param name="Path">Where it is in silver: <c>bucket/key</c>.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of its bytes; the gold image has the same.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Recipe">The version of the recipe that made it.</param>
public sealed record SidecarCleansed(string Name, string Path, long Bytes, string Sha256, int Width, int Height, string Recipe);

/// <summary>How good the image is.</summary>
/// <param name="Measurements">What was measured on the silver image.</param>
/// <param name="Verdicts">What each rule says.</param>
public sealed record SidecarQuality(Measurements Measurements, IReadOnlyList<QualityVerdict> Verdicts);

/// <summary>What the image shows, and who says so.</summary>
/// <param name="Model">The model that answered.</param>
/// <param name="Label">The label with the highest score.</param>
/// <param name="Confidence">Its score, 0 to 1.</param>
/// <param name="Accepted">Whether the score reaches the model package's threshold for this label.</param>
/// <param name="ClassifiedAt">When. UTC.</param>
public sealed record SidecarClassification(ModelIdentity Model, string Label, double Confidence, bool Accepted, DateTime ClassifiedAt);

// LF on every platform: the same sidecar must give the same bytes. JSON without what every sidecar has is none.
[JsonSourceGenerationOptions(
    WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Sidecar))]
internal sealed partial class SidecarJson : JsonSerializerContext;
