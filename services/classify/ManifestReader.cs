using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Assay.Classify;

/// <summary>model.json → <see cref="ModelManifest"/>. The serializer alone would say a CLR type's name; this says the field's.</summary>
internal static class ManifestReader
{
    // A label map of 10,000 long labels is about 1 MB; anything larger is no manifest.
    private const int MaxBytes = 4 << 20;

    /// <exception cref="ModelPackageException">model.json is absent, too large, no JSON, or has a missing, unknown or wrongly typed field.</exception>
    public static ModelManifest Read(string folder)
    {
        var file = new FileInfo(Path.Combine(folder, ModelPackage.ManifestFile));
        if (!file.Exists)
            throw new ModelPackageException(folder, "model.json is missing");
        if (file.Length > MaxBytes)
            throw new ModelPackageException(folder, $"model.json has {file.Length} bytes; at most {MaxBytes} are allowed");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file.FullName), new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (FirstFault(document.RootElement, ManifestJson.Default.ModelManifest, "") is { } fault)
                throw new ModelPackageException(folder, $"model.json: {fault}");
            return document.RootElement.Deserialize(ManifestJson.Default.ModelManifest)!;
        }
        catch (JsonException e)
        {
            throw new ModelPackageException(folder, $"model.json is not valid JSON: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static string? FirstFault(JsonElement element, JsonTypeInfo type, string prefix)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return $"{(prefix.Length == 0 ? "the whole" : prefix.TrimEnd('.'))} is {Excerpt(element)}; it must be an object";
        foreach (var written in element.EnumerateObject())
        {
            if (Fields(type).All(field => field.Name != written.Name))
                return $"{prefix}{written.Name} is not a known field; here are only {string.Join(", ", Fields(type).Select(field => field.Name))}";
        }
        return Fields(type).Select(field => FirstFault(element, field, prefix)).FirstOrDefault(fault => fault is not null);
    }

    private static string? FirstFault(JsonElement parent, JsonPropertyInfo field, string prefix)
    {
        if (!parent.TryGetProperty(field.Name, out var value))
            return field.IsRequired ? $"{prefix}{field.Name} is missing" : null;
        var type = ManifestJson.Default.Options.GetTypeInfo(field.PropertyType);
        if (type.Kind == JsonTypeInfoKind.Object)
            return FirstFault(value, type, $"{prefix}{field.Name}.");
        return Converts(value, type) ? null : $"{prefix}{field.Name} is {Excerpt(value)}; it must be {Expectation(type)}";
    }

    // [JsonIgnore] leaves an entry without accessors in the metadata.
    private static IEnumerable<JsonPropertyInfo> Fields(JsonTypeInfo type) => type.Properties.Where(property => property.Get is not null);

    private static bool Converts(JsonElement value, JsonTypeInfo type)
    {
        // The enum converter would take numbers too.
        if (type.Type.IsEnum && value.ValueKind != JsonValueKind.String)
            return false;
        try
        {
            return value.Deserialize(type) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Expectation(JsonTypeInfo type) => type switch
    {
        { Type.IsEnum: true } => string.Join(" or ", Enum.GetValues(type.Type).Cast<object>().Select(value => JsonSerializer.SerializeToElement(value, type).GetString())),
        { Kind: JsonTypeInfoKind.Dictionary } => "an object of numbers",
        { Kind: JsonTypeInfoKind.Enumerable } => type.ElementType == typeof(string) ? "a list of texts" : "a list of numbers",
        _ when type.Type == typeof(int) => "a whole number",
        _ when type.Type == typeof(double) || type.Type == typeof(double?) => "a number",
        _ when type.Type == typeof(bool) => "true or false",
        _ => "a text",
    };

    private static string Excerpt(JsonElement element)
    {
        var text = element.GetRawText();
        return text.Length <= 40 ? text : text[..40] + " …";
    }
}
