using System.Diagnostics;
using System.Security.Cryptography;
using Assay.Platform.Objects;
using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>Two hundred real photographs through the four services and the real servers, as events announce them and as the scan finds them.</summary>
public sealed class PhotographsTests(ITestOutputHelper log)
{
    private const int Photos = 200;
    private static readonly DateTime UploadedAt = new(2026, 5, 17, 8, 30, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Announced_photographs_are_each_classified_exactly_once()
    {
        await using var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "";
        deployment.Settings["ASSAY_INGEST__NOTIFICATIONARN"] = await Servers.NewTopicAsync(deployment.Broker, "s3.events");
        await RunAsync(deployment);
    }

    [Fact]
    public async Task Photographs_that_nothing_announces_are_each_classified_exactly_once()
    {
        await using var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "*/2 * * * * *";
        await RunAsync(deployment);
    }

    private async Task RunAsync(Deployment deployment)
    {
        var photos = Directory.EnumerateFiles(SharedFolder.Require("images", "photos"), "*.jpg").Order(StringComparer.Ordinal).Take(Photos)
            .ToDictionary(path => $"users/user {Path.GetFileName(path)[0]}/{Path.GetFileName(path)}", File.ReadAllBytes);
        photos.Count.ShouldBe(Photos);
        await deployment.SetupAsync();
        var services = await deployment.StartAllAsync();

        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(photos, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (photo, _) => await deployment.DropAsync(
            photo.Key, photo.Value, new() { ["user-id"] = "Zoë & son", ["uploaded-at"] = UploadedAt.ToString("O") }));
        await deployment.AllEndAsync(Photos);
        var took = Stopwatch.GetElapsedTime(started);
        log.WriteLine($"{Photos} photographs in {took.TotalSeconds:0.0} s from the first drop to the last label: {Photos / took.TotalSeconds:0.0} a second.");

        await deployment.ShouldHaveClassifiedOnceAsync(Photos);
        await ShouldHaveLayersAsync(deployment, photos);
        foreach (var service in services)
            (await service.StopAsync(TimeSpan.FromSeconds(30))).ExitCode.ShouldBe(0, service.ToString());
        // Nothing was left to do, or done again, on the way out.
        await deployment.ShouldHaveClassifiedOnceAsync(Photos);
        await deployment.ShouldAgreeAsync();
    }

    private static async Task ShouldHaveLayersAsync(Deployment deployment, Dictionary<string, byte[]> photos)
    {
        var rows = await deployment.QueryAsync(
            "SELECT image_id, raw_path, bronze_bucket, bronze_key, silver_bucket, silver_key, gold_bucket, gold_key, sidecar_key, label FROM image_status");
        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (row, _) =>
        {
            var (id, path) = ((Guid)row[0]!, (string)row[1]!);
            var text = row.Select(value => value as string).ToArray();
            var original = photos[path];
            (await ReadAsync(deployment, text[2]!, text[3]!)).ShouldBe(original, path);
            var silver = await ReadAsync(deployment, text[4]!, text[5]!);
            (await ReadAsync(deployment, text[6]!, text[7]!)).ShouldBe(silver, path);
            var sidecar = Sidecar.Parse(await ReadAsync(deployment, text[6]!, text[8]!));
            using var pixels = NetVips.Image.NewFromBuffer(original);

            sidecar.ImageId.ShouldBe(id);
            sidecar.Source.ShouldBe("landing");
            sidecar.UserId.ShouldBe("Zoë & son");
            sidecar.UploadedAt.ShouldBe(UploadedAt);
            sidecar.IngestedAt.ShouldBeInRange(DateTime.UtcNow.AddMinutes(-10), DateTime.UtcNow);
            sidecar.BronzePath.ShouldBe($"{text[2]}/{text[3]}");
            sidecar.GoldPath.ShouldBe($"{text[6]}/{text[7]}");
            sidecar.Raw.ShouldBe(new SidecarRaw(
                path.Split('/')[^1], path, original.Length, Convert.ToHexStringLower(SHA256.HashData(original)), "image/jpeg", pixels.Width, pixels.Height));
            sidecar.Cleansed.Name.ShouldBe($"{id}.jpg");
            sidecar.Cleansed.Path.ShouldBe($"{text[4]}/{text[5]}");
            sidecar.Cleansed.Bytes.ShouldBe(silver.Length);
            sidecar.Cleansed.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(silver)));
            Math.Max(sidecar.Cleansed.Width, sidecar.Cleansed.Height).ShouldBeInRange(1, 512);
            sidecar.Cleansed.Recipe.ShouldNotBeNullOrEmpty();
            sidecar.Quality.Verdicts.ShouldNotBeEmpty();
            sidecar.Classifications.ShouldHaveSingleItem().Model.Version.ShouldBe("1.0.0");
            sidecar.Classifications[0].Label.ShouldBe(text[9]);
        });
    }

    private static Task<byte[]> ReadAsync(Deployment deployment, string bucket, string key) =>
        deployment.Objects.ReadUpToAsync(bucket, key, 16 << 20, CancellationToken.None);
}
