using System.Runtime.CompilerServices;
using Assay.Ingest;
using Assay.Platform.Objects;
using Minio;
using Minio.DataModel.Args;
using Minio.DataModel.ILM;
using Minio.Exceptions;

namespace Assay.Embedded.Setup;

/// <summary>Makes the buckets of the layers and of the landing sources, and what an S3 server does by itself: announce new objects, expire old ones.</summary>
internal sealed class BucketSetup(IObjectStore objects, ObjectsOptions options, IngestOptions ingest, IServiceProvider services)
{
    /// <summary>Makes the buckets that are missing.</summary>
    public async IAsyncEnumerable<string> MakeAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var bucket in Layer.All.Select(options.BucketOf).Concat(ingest.ActiveSources.Select(source => source.Bucket)).Distinct())
        {
            if (await AskAsync(bucket, () => objects.MakeBucketAsync(bucket, cancellationToken)))
                yield return $"objects: made bucket {bucket}";
        }
    }

    /// <summary>Has each landing bucket announce what is created in it, if an ARN says to whom. What else it announces stays.</summary>
    public async IAsyncEnumerable<string> NotifyAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (ingest.NotificationArn is not { } arn || services.GetService<IMinioClient>() is not { } client)
            yield break;
        foreach (var source in ingest.ActiveSources)
        {
            var configuration = await AskAsync(source.Bucket, () => client.GetBucketNotificationsAsync(
                new GetBucketNotificationsArgs().WithBucket(source.Bucket), cancellationToken));
            if (!Notifications.Add(configuration, arn, source))
                continue;
            await AskAsync(source.Bucket, async () =>
            {
                await client.SetBucketNotificationsAsync(
                    new SetBucketNotificationsArgs().WithBucket(source.Bucket).WithBucketNotificationConfiguration(configuration), cancellationToken);
                return true;
            });
            yield return $"objects: {source.Bucket}/{source.Prefix} announces new objects to {arn}";
        }
    }

    /// <summary>Makes, changes or removes the expiry rule of each landing source. Other rules stay.</summary>
    public async IAsyncEnumerable<string> ExpireAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (services.GetService<IMinioClient>() is not { } client)
            yield break;
        foreach (var source in ingest.ActiveSources)
        {
            var rules = await AskAsync(source.Bucket, () => RulesAsync(client, source.Bucket, cancellationToken));
            if (!Expiry.Apply(rules, source))
                continue;
            await AskAsync(source.Bucket, async () =>
            {
                if (rules.Count > 0)
                {
                    await client.SetBucketLifecycleAsync(
                        new SetBucketLifecycleArgs().WithBucket(source.Bucket).WithLifecycleConfiguration(new LifecycleConfiguration(rules)), cancellationToken);
                }
                else
                {
                    await client.RemoveBucketLifecycleAsync(new RemoveBucketLifecycleArgs().WithBucket(source.Bucket), cancellationToken);
                }
                return true;
            });
            yield return source.ExpireDays > 0
                ? $"objects: {source.Bucket}/{source.Prefix} expires after {source.ExpireDays} days"
                : $"objects: {source.Bucket}/{source.Prefix} expires no more";
        }
    }

    private static async Task<List<LifecycleRule>> RulesAsync(IMinioClient client, string bucket, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await client.GetBucketLifecycleAsync(new GetBucketLifecycleArgs().WithBucket(bucket), cancellationToken))?.Rules ?? []];
        }
        catch (MinioException exception) when (exception.Response?.Code == "NoSuchLifecycleConfiguration")
        {
            return [];
        }
    }

    private async Task<T> AskAsync<T>(string bucket, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception exception) when (exception is MinioException or HttpRequestException or IOException or UnauthorizedAccessException)
        {
            var where = options.Kind == ObjectsKind.S3 ? options.Endpoint.ToString() : options.Folder;
            throw new SetupFailedException($"The object store {where} refuses bucket {bucket}: {exception.Message}", exception);
        }
    }
}
