using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;

namespace Assay.Platform.Messaging;

/// <summary>A message that could not be finished, as the catalog keeps it. A replayed message says with two headers which series it belongs to.</summary>
/// <param name="Queue">The queue it came from.</param>
/// <param name="MessageId">Its id; null if it has none.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="ContentType">What they are.</param>
/// <param name="Series">The series it was replayed from; null for the first failure.</param>
/// <param name="Attempt">How often it had failed before.</param>
public sealed record FailedMessage(string Queue, string? MessageId, byte[] Body, string? ContentType, Guid? Series, int Attempt)
{
    /// <summary>The header of a replayed message that names its series.</summary>
    public const string SeriesHeader = "Assay-Failure";

    /// <summary>The header of a replayed message that counts how often it has failed.</summary>
    public const string AttemptHeader = "Assay-Failures";

    // What an exception says may have a whole document in it.
    private const int LongestDetail = 2000, LongestTrace = 8000, LongestName = 255;

    /// <summary>
    /// The failure as a fact. Its id follows from the message, so that one that fails, comes back unacknowledged and fails again is one failure. Hints about
    /// one object are one message, however often the scan gives them.
    /// </summary>
    /// <param name="exception">What went wrong: an exception's type, or a word.</param>
    /// <param name="detail">What it said.</param>
    /// <param name="trace">Where.</param>
    /// <param name="retryable">Whether trying again by itself may help.</param>
    /// <param name="now">When.</param>
    /// <param name="stage">The stage that it waits for, if that is not the one whose queue it came from.</param>
    public FailureFact ToFact(string exception, string detail, string? trace, bool retryable, DateTime now, string? stage = null)
    {
        var (type, imageId, format, landed) = Read(Body);
        var series = Series ?? ImageIdentity.Of("failures", Queue, landed ?? MessageId ?? Convert.ToHexStringLower(SHA256.HashData(Body)), DateTime.UnixEpoch);
        return new FailureFact
        {
            Id = ImageIdentity.Derive(series, $"{Attempt + 1}"),
            Series = series,
            Attempt = Attempt + 1,
            Stage = stage ?? Lane.StageOf(Clean(Queue, LongestName)),
            Queue = Clean(Queue, LongestName),
            Message = Clean(type, LongestName),
            ImageId = imageId,
            Format = Clean(format, LongestName),
            Exception = Clean(exception, LongestName),
            Detail = Clean(detail, LongestDetail),
            Trace = trace is null ? null : Clean(trace, LongestTrace),
            Retryable = retryable,
            Body = Body,
            ContentType = ContentType is null ? null : Clean(ContentType, LongestName),
            FailedAt = now,
        };
    }

    /// <summary>What a message's bytes say about it, as far as they can be read: its type, its image, what that is, and where it has landed if that is all that it says.</summary>
    public static (string Type, Guid? ImageId, string Format, string? Landed) Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("message", out var message) || message.ValueKind != JsonValueKind.Object)
                return ("", null, "", null);
            var type = json.RootElement.TryGetProperty("messageType", out var types) && types is { ValueKind: JsonValueKind.Array } && types.GetArrayLength() > 0 ? Text(types[0]) : "";
            Guid? imageId = message.TryGetProperty("imageId", out var id) && Guid.TryParse(Text(id), out var parsed) ? parsed : null;
            return (type[(type.LastIndexOf(':') + 1)..], imageId, FormatOf(message), LandedOf(message));
        }
        // A text that is no Unicode is found only when it is asked for.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return ("", null, "", null);
        }
    }

    private static string FormatOf(JsonElement message)
    {
        if (message.TryGetProperty("mediaType", out var mediaType))
            return Text(mediaType);
        var name = message.TryGetProperty("origin", out var origin) && origin.ValueKind == JsonValueKind.Object && origin.TryGetProperty("rawName", out var rawName) ? Text(rawName)
            : message.TryGetProperty("key", out var key) ? Text(key) : "";
        var extension = Path.GetExtension(name).TrimStart('.').ToLowerInvariant();
        return extension.Length <= 5 && extension.All(char.IsAsciiLetterOrDigit) ? extension : "";
    }

    private static string? LandedOf(JsonElement message) =>
        message.TryGetProperty("bucket", out var bucket) && message.TryGetProperty("key", out var key) && bucket.ValueKind == JsonValueKind.String && key.ValueKind == JsonValueKind.String
            ? $"{Text(bucket)}/{Text(key)}"
            : null;

    private static string Text(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString()! : "";

    // PostgreSQL keeps neither a NUL in a text nor half a character, which a text may have from the start or from being cut.
    private static string Clean(string text, int length) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Length <= length ? text : text[..length])).Replace('\0', '\uFFFD');
}
