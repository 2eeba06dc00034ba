using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Assay.Platform.Objects;

namespace Assay.Chaos;

/// <summary>What an image has in silver and gold.</summary>
/// <param name="Silver">SHA-256 of the silver image.</param>
/// <param name="Gold">SHA-256 of the gold image.</param>
/// <param name="Sidecar">The sidecar without what must differ from run to run.</param>
internal sealed record Layers(string Silver, string Gold, string Sidecar)
{
    /// <summary>The members of a sidecar that are not compared: ids, and keys and names that contain them, buckets, and times.</summary>
    public static readonly string[] LeftOut =
    [
        "imageId", "uploadedAt", "ingestedAt", "enrichedAt", "classifications.classifiedAt", "bronzePath", "goldPath", "cleansed.name", "cleansed.path", "raw.path", "raw.name",
    ];

    /// <summary>Reads them, and everything's checksum.</summary>
    /// <exception cref="ObjectMissingException">One of the three is not there.</exception>
    public static async Task<Layers> ReadAsync(IObjectStore objects, (string Bucket, string Key) silver, (string Bucket, string Key) gold, string sidecar) => new(
        await HashAsync(objects, silver.Bucket, silver.Key),
        await HashAsync(objects, gold.Bucket, gold.Key),
        Comparable(await objects.ReadUpToAsync(gold.Bucket, sidecar, Assay.Platform.Objects.Sidecar.MaxBytes, CancellationToken.None)));

    /// <summary>SHA-256 of an object, lower-case hex.</summary>
    public static Task<string> HashAsync(IObjectStore objects, string bucket, string key) =>
        objects.ReadAsync(bucket, key, version: null, async (stream, token) => Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, token)), CancellationToken.None);

    private static string Comparable(byte[] sidecar)
    {
        var root = JsonNode.Parse(sidecar)!.AsObject();
        foreach (var path in LeftOut.Select(path => path.Split('.')))
        {
            foreach (var parent in path.Length == 1 ? [root] : root[path[0]] is JsonArray several ? several.OfType<JsonObject>() : [root[path[0]]!.AsObject()])
                parent.Remove(path[^1]);
        }
        return root.ToJsonString();
    }
}
