using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Assay.Platform.Hosting;
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

    /// <summary>Metadata of a landing object with the trace that it goes on in (W3C <c>traceparent</c>).</summary>
    public const string TraceParentMetadata = "traceparent";

    // RFC 6838, 4.2: 127 characters on each side of the slash.
    internal const int MaxTypeLength = 255;

    // In bytes, percent-encoded: S3 keeps 2 KiB of metadata for an object, PostgreSQL 2,704 bytes in a row of an index, and a name of 255 bytes, the longest
    // of Linux' file systems, takes at most 765.
    private const int MaxNameLength = 1024, MaxWordLength = 384;

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
        string? Said(string name) => landed.Metadata.GetValueOrDefault(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
        var fromKey = patterns.TryGetValue(source, out var pattern) ? pattern.UserOf(landed.Key) : null;
        return new Occurrence(
            source,
            landed.Key,
            landed.Version,
            landed.LastModified,
            landed.Bytes,
            Name: FitName(Said(RawNameMetadata) ?? landed.Key[(landed.Key.LastIndexOf('/') + 1)..]),
            UserId: FitWord(Said(UserIdMetadata) ?? fromKey),
            UploadedAt: Time(Said(UploadedAtMetadata)) ?? landed.LastModified,
            Batch: FitWord(Said(BatchMetadata)),
            DeclaredType: DeclaredType(landed.ContentType),
            TraceParent: Spans.Valid(Said(TraceParentMetadata)));
    }

    /// <summary>A file name, as much of it as can be kept everywhere.</summary>
    internal static string FitName(string name) => Fit(name, MaxNameLength);

    /// <summary>The same for whatever else a stranger says of an image: whose it is, what came with it.</summary>
    [return: NotNullIfNotNull(nameof(word))]
    internal static string? FitWord(string? word) => word is null ? null : Fit(word, MaxWordLength);

    // What no store or no catalog takes would be tried for ever. So PostgreSQL has no place for NUL, and nobody for half a character.
    private static string Fit(string text, int most)
    {
        var fitting = new StringBuilder();
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var character = (rune.Value == 0 ? Rune.ReplacementChar : rune).ToString();
            length += Uri.EscapeDataString(character).Length;
            if (length > most)
                break;
            fitting.Append(character);
        }
        return fitting.ToString();
    }

    // What programs send that do not know it, or do not care, claims nothing.
    private static string? DeclaredType(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType is { Value: { Length: <= MaxTypeLength } name }
        && !Unspecific.Contains(name, StringComparer.OrdinalIgnoreCase) ? name.ToLowerInvariant() : null;

    private static DateTime? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime : null;
}
