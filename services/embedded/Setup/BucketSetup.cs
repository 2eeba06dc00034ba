using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Assay.Ingest;
using Assay.Platform.Objects;

namespace Assay.Embedded.Setup;

/// <summary>Makes the buckets of the layers and of the landing sources, and what an S3 server does by itself: announce new objects, expire old ones.</summary>
internal sealed class BucketSetup(IObjectStore objects, ObjectsOptions options, IngestOptions ingest, IServiceProvider services)
{
    // Only an S3 server has one.
    private readonly IAmazonS3? client = services.GetService<IAmazonS3>();

    /// <summary>Makes the buckets that are missing.</summary>
    public async IAsyncEnumerable<string> MakeAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var bucket in Layer.All.Append(Layer.Models).Select(options.BucketOf).Concat(ingest.ActiveSources.Select(source => source.Bucket)).Distinct())
        {
            if (await AskAsync(bucket, () => objects.MakeBucketAsync(bucket, cancellationToken)))
                yield return $"objects: made bucket {bucket}";
        }
    }

    /// <summary>Has each landing bucket announce what is created in it, if an ARN says to whom. What else it announces stays.</summary>
    public async IAsyncEnumerable<string> NotifyAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (ingest.NotificationArn is not { Length: > 0 } arn || client is null)
            yield break;
        foreach (var source in ingest.ActiveSources)
        {
            var existing = await AskAsync(source.Bucket, () => client.GetBucketNotificationAsync(source.Bucket, cancellationToken));
            if (Notifications.Add(existing, arn, source) is not { } wanted)
                continue;
            await AskAsync(source.Bucket, () => client.PutBucketNotificationAsync(wanted, cancellationToken));
            yield return $"objects: {source.Bucket}/{source.Prefix} announces new objects to {arn}";
        }
    }

    /// <summary>Makes, changes or removes the expiry rule of each landing source. Other rules stay.</summary>
    public async IAsyncEnumerable<string> ExpireAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (client is null)
            yield break;
        foreach (var source in ingest.ActiveSources)
        {
            var rules = await AskAsync(source.Bucket, () => RulesAsync(client, source.Bucket, cancellationToken));
            if (!Expiry.Apply(rules, source))
                continue;
            if (rules.Count > 0)
                await AskAsync(source.Bucket, () => client.PutLifecycleConfigurationAsync(source.Bucket, new LifecycleConfiguration { Rules = rules }, cancellationToken));
            else
                await AskAsync(source.Bucket, () => client.DeleteLifecycleConfigurationAsync(source.Bucket, cancellationToken));
            yield return source.ExpireDays > 0
                ? $"objects: {source.Bucket}/{source.Prefix} expires after {source.ExpireDays} days"
                : $"objects: {source.Bucket}/{source.Prefix} expires no more";
        }
    }

    private static async Task<List<LifecycleRule>> RulesAsync(IAmazonS3 client, string bucket, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetLifecycleConfigurationAsync(bucket, cancellationToken)).Configuration?.Rules ?? [];
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            // Some servers say "no rules" that way.
            return [];
        }
    }

    private async Task<T> AskAsync<T>(string bucket, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException or HttpRequestException or TimeoutException or IOException or UnauthorizedAccessException)
        {
            throw new SetupFailedException($"The object store {options.Place} refuses bucket {bucket}: {exception.Message}{ObjectsOptions.HintAt(exception)}", exception);
        }
    }
}
