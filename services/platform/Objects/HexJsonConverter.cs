using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Assay.Platform.Objects;

/// <summary>Writes 64 bits as 16 lower-case hex digits: JSON numbers lose bits beyond the 53rd in most readers.</summary>
public sealed class HexJsonConverter : JsonConverter<ulong>
{
    /// <inheritdoc/>
    public override ulong Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ulong.TryParse(reader.GetString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new JsonException("Expected 16 hex digits.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ulong value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("x16", CultureInfo.InvariantCulture));
}
