using System.Globalization;
using Assay.Platform.Objects;
using Microsoft.Net.Http.Headers;

namespace Assay.Ingest;

/// <summary>Knows the configured sources: which one an object belongs to, and what its key and metadata say about it.</summary>
public sealed class LandingZone(IngestOptions options)
{
    /// <summary>Metadata of a landing object that names its user.</summary>
    public const string UserIdMetadata = "user-id";

    /// <summary>Metadata of a landing object that says when it was uploaded (ISO 8601).</summary>
    public const string UploadedAtMetadata = "uploaded-at";

    /// <summary>Metadata of a landing object with the file name that the uploader used, where the key has another.</summary>
    public const string RawNameMetadata = "raw-name";

    /// <summary>Metadata of a landing object that says what came together.</summary>
    public const string BatchMetadata = "batch";

    // RFC 6838, 4.2: 127 characters on each side of the slash.
    private const int MaxTypeLength = 255;

    private static readonly string[] Unspecific =
        ["application/octet-stream", "binary/octet-stream", "application/x-www-form-urlencoded", "multipart/form-data", "*/*"];

    private readonly Dictionary<string, UserPattern> patterns = options.ActiveSources
        .Where(source => source.KeyPattern is not null)
        .ToDictionary(source => source.Name, source => new UserPattern(source.KeyPattern!));

    /// <summary>The configured sources.</summary>
    public IReadOnlyList<LandingSource> Sources => options.ActiveSources;

    /// <summary>The source that uploads over HTTP land in.</summary>
    public LandingSource UploadSource { get; } = options.UploadSource is null
        ? options.ActiveSources[0]
        : options.ActiveSources.First(source => source.Name == options.UploadSource);

    /// <summary>The source that an object belongs to, or null: the one with the longest prefix that fits.</summary>
    public LandingSource? SourceOf(string bucket, string key) => options.ActiveSources
        .Where(source => source.Bucket == bucket && key.StartsWith(source.Prefix, StringComparison.Ordinal))
        .MaxBy(source => source.Prefix.Length);

    /// <summary>Whether an object with this key can be asked for: not every server agrees with the client on the signature of a leading slash.</summary>
    public static bool CanAddress(string key) => key.Length > 0 && key[0] != '/';

    /// <summary>Whether this is what some clients put in place of a folder.</summary>
    public static bool IsFolderMarker(StoredObject landed) => landed.Bytes == 0 && landed.Key.EndsWith('/');

    /// <summary>What is known of a landed object.</summary>
    public Occurrence Describe(string source, StoredObject landed)
    {
        // What is blank says nothing: many clients send the header of an empty field, too.
        // And PostgreSQL has no place for NUL, which percent-encoded metadata can hold: the image would never be taken in.
        string? Said(string name) =>
            landed.Metadata.GetValueOrDefault(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Replace('\0', '\uFFFD') : null;
        var fromKey = patterns.TryGetValue(source, out var pattern) ? pattern.UserOf(landed.Key) : null;
        return new Occurrence(
            source,
            landed.Key,
            landed.Version,
            landed.LastModified,
            landed.Bytes,
            Name: Said(RawNameMetadata) ?? landed.Key[(landed.Key.LastIndexOf('/') + 1)..],
            UserId: Said(UserIdMetadata) ?? fromKey,
            UploadedAt: Time(Said(UploadedAtMetadata)) ?? landed.LastModified,
            Batch: Said(BatchMetadata),
            DeclaredType: DeclaredType(landed.ContentType));
    }

    // What programs send that do not know it, or do not care, claims nothing.
    private static string? DeclaredType(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType is { Value: { Length: <= MaxTypeLength } name }
        && !Unspecific.Contains(name, StringComparer.OrdinalIgnoreCase) ? name.ToLowerInvariant() : null;

    private static DateTime? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime : null;
}
