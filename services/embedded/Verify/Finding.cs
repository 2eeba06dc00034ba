using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Assay.Embedded.Verify;

/// <summary>Something that layers and catalog do not agree on, as <c>assay verify --json</c> prints it.</summary>
/// <param name="Kind">One of the constants.</param>
/// <param name="Layer">The layer, or <see cref="Sidecar"/>; for <see cref="WithoutImage"/> <c>catalog</c>.</param>
/// <param name="Object">The object: its file, or <c>bucket/key</c>; null where there is none.</param>
/// <param name="ImageId">The image, if one is known.</param>
/// <param name="Detail">What is wrong, and after an attempt to mend it why that failed, as sentences.</param>
/// <param name="Mended">Whether it is as it should be again.</param>
internal sealed record Finding(string Kind, string Layer, string? Object, Guid? ImageId, string Detail, bool Mended)
{
    /// <summary>A fact says that the object is there, and it is not.</summary>
    public const string Missing = "missing";

    /// <summary>The object has another size than its fact says.</summary>
    public const string WrongSize = "wrong-size";

    /// <summary>The object has another SHA-256 than its fact says.</summary>
    public const string WrongBytes = "wrong-bytes";

    /// <summary>A sidecar that is no sidecar.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>A sidecar that says something else than the catalog.</summary>
    public const string Contradiction = "contradiction";

    /// <summary>An object that no fact speaks of.</summary>
    public const string WithoutFact = "without-fact";

    /// <summary>Facts of an image that the catalog has not taken in.</summary>
    public const string WithoutImage = "without-image";

    /// <summary>In place of a layer: the JSON files of gold.</summary>
    public const string Sidecar = "sidecar";

    /// <summary>In place of a layer: the catalog itself.</summary>
    public const string Catalog = "catalog";

    private static readonly FindingContext Json = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json.Finding);
}

[JsonSerializable(typeof(Finding))]
internal sealed partial class FindingContext : JsonSerializerContext;
