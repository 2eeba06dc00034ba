using Assay.Platform.Catalog;

namespace Assay.Platform.Objects;

/// <summary>The layers, and the key that an image has in each. Every key derives from the image's id.</summary>
public static class Layer
{
    /// <summary>Originals, byte for byte. Written once, never modified.</summary>
    public const string Bronze = "bronze";

    /// <summary>Harmonised copies.</summary>
    public const string Silver = "silver";

    /// <summary>Harmonised copies under their final name, each with a sidecar.</summary>
    public const string Gold = "gold";

    /// <summary>Copies of what was refused.</summary>
    public const string Quarantine = "quarantine";

    /// <summary>In place of a layer: the model packages.</summary>
    public const string Models = "models";

    /// <summary>The layers of an image.</summary>
    public static IReadOnlyList<string> All { get; } = [Bronze, Silver, Gold, Quarantine];

    /// <summary><c>yyyy/MM/dd/{id}.{ext}</c>; the extension is the raw name's, for people who browse.</summary>
    public static string BronzeKey(Guid id, string rawName) => $"{ImageIdentity.DayOf(id)}/{id}{Extension(rawName)}";

    /// <summary><c>{recipe}/yyyy/MM/dd/{id}.jpg</c>: another recipe makes another object beside it.</summary>
    public static string SilverKey(Guid id, string recipe) => $"{recipe}/{ImageIdentity.DayOf(id)}/{id}.jpg";

    /// <summary><c>yyyy/MM/dd/{id}.jpg</c></summary>
    public static string GoldKey(Guid id) => $"{ImageIdentity.DayOf(id)}/{id}.jpg";

    /// <summary><c>yyyy/MM/dd/{id}.json</c></summary>
    public static string SidecarKey(Guid id) => $"{ImageIdentity.DayOf(id)}/{id}.json";

    /// <summary><c>{stage}/{reason}/{id}.{ext}</c></summary>
    public static string QuarantineKey(Guid id, string stage, string reason, string rawName) => $"{stage}/{reason}/{id}{Extension(rawName)}";

    // Raw names are untrusted: anything but a short plain extension is left out.
    private static string Extension(string rawName)
    {
        var dot = rawName.LastIndexOf('.');
        var extension = dot < 0 ? "" : rawName[(dot + 1)..];
        return extension.Length is >= 1 and <= 5 && extension.All(char.IsAsciiLetterOrDigit) ? "." + extension.ToLowerInvariant() : "";
    }
}
