using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Assay.Contracts;
using Assay.Platform.Objects;

namespace Assay.Embedded.Verify;

/// <summary>Holds one object against what the catalog says about it.</summary>
/// <param name="place">Where it is looked for.</param>
/// <param name="grace">What was written within this time is not judged where a stage may be writing it again. Whether it is there is judged always: object first, then the fact.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="output">Is told what is not judged.</param>
internal sealed class ObjectCheck(Installation place, TimeSpan grace, TimeProvider clock, VerifyOutput output)
{
    private readonly IObjectStore objects = place.Objects;

    /// <summary>What is wrong with an object; null for nothing.</summary>
    /// <param name="image">What the catalog says.</param>
    /// <param name="expected">One of its objects.</param>
    /// <param name="read">Whether to read it, or only to ask for its size.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    public async Task<Finding?> FindAsync(ImageFacts image, ExpectedObject expected, bool read, CancellationToken cancellationToken)
    {
        var (kind, detail) = await CompareAsync(image, expected, read, cancellationToken);
        return kind is null ? null : new Finding(kind, expected.Layer, place.PlaceOf(expected.Bucket, expected.Key), image.Image.Id, detail, Mended: false);
    }

    private async Task<(string? Kind, string Detail)> CompareAsync(ImageFacts image, ExpectedObject expected, bool read, CancellationToken cancellationToken)
    {
        if (await objects.FindAsync(expected.Bucket, expected.Key, cancellationToken) is not { } found)
            return (Finding.Missing, "It is not there.");
        // Gold has one key for all recipes and enrichers: what was written just now may be ahead of its fact.
        if (expected.Bucket == image.Gold?.GoldBucket && found.LastModified > clock.GetUtcNow().UtcDateTime - grace)
        {
            output.LeaveOut(read);
            return default;
        }
        try
        {
            if (expected.Content is not { } content)
                return read ? await CompareSidecarAsync(image, expected, cancellationToken) : default;
            if (found.Bytes != content.Bytes)
                return (Finding.WrongSize, FormattableString.Invariant($"{found.Bytes:N0} bytes instead of {content.Bytes:N0}."));
            var sha256 = read ? await objects.HashAsync(content, cancellationToken) : content.Sha256;
            return sha256 == content.Sha256 ? default : (Finding.WrongBytes, $"SHA-256 {sha256} instead of {content.Sha256}.");
        }
        catch (ObjectMissingException)
        {
            return (Finding.Missing, "It is not there.");
        }
    }

    private async Task<(string? Kind, string Detail)> CompareSidecarAsync(ImageFacts image, ExpectedObject expected, CancellationToken cancellationToken)
    {
        Sidecar said;
        try
        {
            said = Sidecar.Parse(await objects.ReadUpToAsync(expected.Bucket, expected.Key, Sidecar.MaxBytes, cancellationToken));
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            return (Finding.Unreadable, $"It is no sidecar: {exception.Message}");
        }
        if (image.ToSidecar(said) is not { } wanted)
            return default;
        // Of two that were at work at once, the one wrote the fact and the other the file.
        wanted = wanted with { EnrichedAt = said.EnrichedAt };
        var (are, should) = (Fields(said), Fields(wanted));
        var other = should.Where(field => !JsonNode.DeepEquals(field.Value, are[field.Key])).Select(field => field.Key).ToList();
        return other.Count == 0 ? default : (Finding.Contradiction, $"It says something else than the catalog about: {string.Join(", ", other)}.");
    }

    // The order of verdicts says nothing.
    private static JsonObject Fields(Sidecar sidecar) => JsonNode.Parse((sidecar with
    {
        Quality = sidecar.Quality with { Verdicts = [.. sidecar.Quality.Verdicts.OrderBy(verdict => verdict.Rule, StringComparer.Ordinal)] },
    }).ToJson())!.AsObject();
}

/// <summary>Hashes of objects.</summary>
internal static class ObjectHashes
{
    /// <summary>The lower-case hex SHA-256 of an object's bytes, read as they come.</summary>
    /// <exception cref="ObjectMissingException">There is no such object.</exception>
    public static Task<string> HashAsync(this IObjectStore objects, ObjectReference reference, CancellationToken cancellationToken) =>
        objects.ReadAsync(
            reference.Bucket, reference.Key, version: null, async (stream, token) => Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, token)), cancellationToken);

    /// <summary>Whether an object is there and has the bytes that its reference promises.</summary>
    public static async Task<bool> IsIntactAsync(this IObjectStore objects, ObjectReference reference, CancellationToken cancellationToken)
    {
        try
        {
            return await objects.HashAsync(reference, cancellationToken) == reference.Sha256;
        }
        catch (ObjectMissingException)
        {
            return false;
        }
    }
}
