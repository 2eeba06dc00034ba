using System.Net;
using System.Text.Json;
using Amazon.Runtime;
using Microsoft.AspNetCore.WebUtilities;

namespace Assay.Chaos;

/// <summary>Uploads as strangers do: over HTTP or into the bucket, again and under another name until the answer says that it is safe.</summary>
/// <param name="system">Where to.</param>
/// <param name="notify">How often, at most, the bucket announces an object: each is announced between none and so many times. 0: never.</param>
/// <param name="chance">Who decides.</param>
internal sealed class Uploader(TestSystem system, int notify, Random chance)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private long slowest;
    private int unclear;

    /// <summary>The longest that an uploader has waited for any answer over HTTP, or for its failing to come.</summary>
    public TimeSpan Slowest => TimeSpan.FromTicks(Interlocked.Read(ref slowest));

    /// <summary>How many uploads over HTTP had no answer, or another than that the file is safe (202) or is to be tried again (503).</summary>
    public int Unclear => Volatile.Read(ref unclear);

    /// <summary>Uploads until each is accepted, two at a time.</summary>
    public Task UploadAsync(IEnumerable<Picture> pictures, CancellationToken stop = default) =>
        Parallel.ForEachAsync(pictures, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = stop }, async (picture, token) =>
        {
            for (var (attempt, bytes) = (1, picture.Bytes()); !await TryAsync(picture, attempt, bytes); attempt++)
                await Task.Delay(Pause, token);
        });

    /// <summary>Puts all into the part of the bucket where a backfill lands, and announces none.</summary>
    public Task BackfillAsync(IEnumerable<Picture> pictures, Func<Picture, byte[]> bytes) => Parallel.ForEachAsync(pictures, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (picture, _) =>
    {
        var name = picture.NameOf(1);
        system.Journal.Write(Journal.Attempt, name);
        if (await DropAsync($"old/{name}", bytes(picture)) is { } key)
            system.Journal.Write(Journal.Accepted, name, key);
    });

    /// <summary>Puts one into the bucket and announces it once.</summary>
    public async Task DropAsync(Picture picture)
    {
        var name = picture.NameOf(1);
        system.Journal.Write(Journal.Attempt, name);
        if (await DropAsync($"drop/{name}", picture.Bytes()) is not { } key)
            return;
        system.Journal.Write(Journal.Accepted, name, key);
        await NotifyAsync(key);
    }

    private async Task<bool> TryAsync(Picture picture, int attempt, byte[] bytes)
    {
        var name = picture.NameOf(attempt);
        system.Journal.Write(Journal.Attempt, name);
        var key = picture.ByHttp ? await PostAsync(name, bytes) : await DropAsync($"drop/{name}", bytes);
        if (key is null)
            return false;
        system.Journal.Write(Journal.Accepted, name, key);
        return true;
    }

    private async Task<string?> PostAsync(string name, byte[] bytes)
    {
        if (system["Assay.Ingest"].Current is not { } ingest)
            return Refuse(name);
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        try
        {
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new("image/jpeg");
            using var response = await ingest.Http.PostAsync(new Uri($"/v1/images?name={name}", UriKind.Relative), content);
            if (response.StatusCode is not (HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable))
                Interlocked.Increment(ref unclear);
            if (response.StatusCode != HttpStatusCode.Accepted)
                return Refuse(name);
            using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            var status = answer.RootElement.GetProperty("statusUrl").GetString()!;
            return QueryHelpers.ParseQuery(status[status.IndexOf('?', StringComparison.Ordinal)..])["landed"].Single();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // No answer: nobody knows whether it has landed.
            Interlocked.Increment(ref unclear);
            return null;
        }
        finally
        {
            var took = System.Diagnostics.Stopwatch.GetElapsedTime(started).Ticks;
            // Two of them at a time: the other may have waited longer.
            for (var seen = Interlocked.Read(ref slowest); took > seen && Interlocked.CompareExchange(ref slowest, took, seen) != seen;)
                seen = Interlocked.Read(ref slowest);
        }
    }

    private async Task<string?> DropAsync(string key, byte[] bytes)
    {
        try
        {
            await system.Deployment.DropAsync(key, bytes);
        }
        catch (Exception exception) when (exception is AmazonClientException or AmazonServiceException or HttpRequestException or IOException or TimeoutException)
        {
            return null;
        }
        int times;
        lock (chance)
            times = notify == 0 ? 0 : chance.Next(notify + 1);
        for (; times > 0; times--)
            await NotifyAsync(key);
        return key;
    }

    // An S3 server loses its events when the broker is away.
    private async Task NotifyAsync(string key)
    {
        try
        {
            await system.Deployment.PublishEventAsync(Assay.Tests.Ingest.NotificationText.Amazon(system.Deployment.Landing, key));
        }
        catch (Exception exception) when (exception is RabbitMQ.Client.Exceptions.RabbitMQClientException or IOException or OperationCanceledException)
        {
            system.Journal.Write(Journal.Fault, $"no notification for {key}");
        }
    }

    private string? Refuse(string name)
    {
        system.Journal.Write(Journal.Refused, name);
        return null;
    }
}
