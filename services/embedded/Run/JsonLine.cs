using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Assay.Platform.Catalog;

namespace Assay.Embedded.Run;

/// <summary>One image as <c>assay run --json</c> prints it.</summary>
/// <param name="Id">The image's id.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Path">The absolute path it came from; <c>archive!entry</c> inside an archive.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of the original.</param>
/// <param name="Run">What this run had to do with it: <c>new</c>, <c>known</c>, <c>again</c> or <c>resumed</c>.</param>
/// <param name="Status"><c>classified</c> or <c>rejected</c>.</param>
/// <param name="Label">What the model says it shows.</param>
/// <param name="Confidence">How sure the model is, 0 to 1.</param>
/// <param name="Accepted">Whether the confidence reaches the model's threshold for this label; if not, a person should look.</param>
/// <param name="Model">The model: name and version.</param>
/// <param name="Stage">The stage that ended its way.</param>
/// <param name="Reason">Why it was rejected, as a code.</param>
/// <param name="Detail">Why it was rejected, as a sentence.</param>
/// <param name="Width">Width of the original in pixels, upright.</param>
/// <param name="Height">Height of the original in pixels, upright.</param>
/// <param name="SilverWidth">Width of the silver image in pixels.</param>
/// <param name="SilverHeight">Height of the silver image in pixels.</param>
/// <param name="Bronze">The file of the original.</param>
/// <param name="Silver">The file of the silver image.</param>
/// <param name="Gold">The file of the gold image.</param>
internal sealed record JsonLine(
    Guid Id,
    string Name,
    string Path,
    string Sha256,
    ImageShare Run,
    string Status,
    string? Label,
    double? Confidence,
    bool? Accepted,
    string? Model,
    string Stage,
    string? Reason,
    string? Detail,
    int? Width,
    int? Height,
    int? SilverWidth,
    int? SilverHeight,
    string? Bronze,
    string? Silver,
    string? Gold)
{
    // For programs that read UTF-8, not for web pages: a path stays readable.
    private static readonly JsonLineContext Json = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Writes one line.</summary>
    public static void Write(TextWriter output, ImageStatus image, ImageShare share, DataFolder data) => output.WriteLine(JsonSerializer.Serialize(
        new JsonLine(
            image.ImageId,
            image.RawName,
            image.RawPath,
            image.Sha256,
            share,
            image.Status,
            image.Label,
            image.Confidence,
            image.Accepted,
            image.Model is null ? null : $"{image.Model} {image.ModelVersion}",
            image.Stage,
            image.Reason,
            image.Detail,
            image.RawWidth,
            image.RawHeight,
            image.Width,
            image.Height,
            data.FileOf(image.BronzeBucket, image.BronzeKey),
            data.FileOf(image.SilverBucket, image.SilverKey),
            data.FileOf(image.GoldBucket, image.GoldKey)),
        Json.JsonLine));
}

[JsonSerializable(typeof(JsonLine))]
internal sealed partial class JsonLineContext : JsonSerializerContext;
