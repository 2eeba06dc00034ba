using Assay.Tests.Ingest;

namespace Assay.Tests.Distributed;

/// <summary>Real photographs that land, and that somebody is told of.</summary>
internal static class Photographs
{
    /// <summary>Drops the first so many into the landing bucket, and tells nobody. Returns their keys.</summary>
    public static async Task<IReadOnlyList<string>> DropPhotographsAsync(this Deployment deployment, int count)
    {
        var photos = Directory.EnumerateFiles(SharedFolder.Require("images", "photos"), "*.jpg").Order(StringComparer.Ordinal).Take(count).ToList();
        foreach (var photo in photos)
            await deployment.DropAsync(Path.GetFileName(photo), await File.ReadAllBytesAsync(photo));
        return [.. photos.Select(photo => Path.GetFileName(photo))];
    }

    /// <summary>Announces what has landed, all in one notification.</summary>
    public static Task AnnounceAsync(this Deployment deployment, params IEnumerable<string> keys) =>
        deployment.PublishEventAsync(NotificationText.Records([.. keys.Select(key => NotificationText.AmazonRecord(deployment.Landing, key))]));
}
