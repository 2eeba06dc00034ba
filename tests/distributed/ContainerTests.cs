using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Assay.Platform.Objects;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>The images, built from this checkout and run by docker-compose.yml. Alone: what builds images takes all that the machine has.</summary>
[Collection(nameof(ContainerTests))]
[CollectionDefinition(nameof(ContainerTests), DisableParallelization = true)]
public sealed class ContainerTests(ITestOutputHelper log)
{
    private const int Photos = 500;
    private const int Mebibyte = 1 << 20;

    // What Assay adds to the base image. Whatever makes an image larger than this is to be noticed.
    private static readonly Dictionary<string, int> MostMebibytes = new() { ["ingest"] = 45, ["preprocess"] = 90, ["enrich"] = 90, ["classify"] = 80, ["steward"] = 45, ["cli"] = 130 };

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task The_system_of_built_images_loses_no_photograph_while_a_stage_is_scaled_and_a_container_is_killed_and_stops_when_asked()
    {
        var photos = Directory.EnumerateFiles(SharedFolder.Require("images", "photos"), "*.jpg").Order(StringComparer.Ordinal).Take(Photos).ToList();
        photos.Count.ShouldBe(Photos);
        await using var docker = await Docker.RequireAsync();
        foreach (var target in MostMebibytes.Keys)
            await BuildAsync(docker, target);
        await ShouldBeAsPromisedAsync(docker);

        await using var system = await ComposeSystem.NewAsync(docker);
        await system.UpAsync();
        await EventuallyAsync(system, "all services are healthy", async () => (await StatesAsync(system, ComposeSystem.Services)).All(state => state.Status == "running" && state.Health == "healthy"));
        foreach (var service in ComposeSystem.Services)
            (await system.ContainersAsync(service)).ShouldAllBe(container => container.GetProperty("HostConfig").GetProperty("ReadonlyRootfs").GetBoolean());

        var started = Stopwatch.GetTimestamp();
        await DropAsync(system, photos[..(Photos / 2)]);
        await system.ScaleAsync("preprocess", 2);
        (await system.ContainersAsync("preprocess")).Count.ShouldBe(2);
        var dropping = DropAsync(system, photos[(Photos / 2)..]);
        try
        {
            await EventuallyAsync(system, "some are silver", async () => await system.CountAsync("cleansed") > 0);
            // The one that has been at work for longer, in the middle of it: the other one, or the broker, has the rest.
            var older = (await system.ContainersAsync("preprocess")).MinBy(container => container.GetProperty("Created").GetDateTimeOffset());
            await system.RunAsync("docker", "kill", older.GetProperty("Id").GetString()!);
            (await system.CountAsync("cleansed")).ShouldBeLessThan(Photos);
        }
        finally
        {
            await dropping;
        }
        await EventuallyAsync(system, $"{Photos} images are classified", async () => await system.CountAsync("image_status WHERE status = 'classified'") == Photos);
        log.WriteLine($"{Photos} photographs in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s, with a second preprocess and a killed one.");
        (await system.CountAsync("image_status")).ShouldBe(Photos);
        (await system.CountAsync("predictions")).ShouldBe(Photos);

        // As a newcomer does, to whom it says what the picture shows.
        var tried = await system.RunAsync(Path.Combine(Repository.Root, "deploy", "try-it"), Path.Combine(Repository.Root, "samples", "chart-pie.png"));
        tried.Output.ShouldContain("chart with ");
        tried.Output.ShouldContain($"trace:  http://127.0.0.1:{system["JAEGER_PORT"]}/trace/");
        (await system.ComposeAsync("run", "--rm", "-T", "cli", "status", "--deployed")).Output.ShouldContain("landing");

        await system.ComposeAsync(["stop", .. ComposeSystem.Services]);
        (await StatesAsync(system, ["ingest", "enrich", "classify", "steward"])).ShouldAllBe(state => state.ExitCode == 0);
        (await StatesAsync(system, ["preprocess"])).Select(state => state.ExitCode).ShouldBe([0, 137], ignoreOrder: true);
    }

    // From the files that git knows: what else lies in the checkout is not part of it.
    private static async Task BuildAsync(Docker docker, string target) => await docker.RunAsync(
        new Dictionary<string, string>(), "bash", "-c",
        "set -o pipefail; git ls-files -z | tar --null --files-from - --create | docker build --file deploy/Dockerfile --target \"$1\" --tag \"assay/$1:0.1.0\" --network host --build-arg \"BUILDPLATFORM=linux/$2\" -",
        "build", target, RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64");

    private async Task ShouldBeAsPromisedAsync(Docker docker)
    {
        var names = MostMebibytes.Keys.Select(target => $"assay/{target}:0.1.0").Prepend("mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled");
        var images = JsonSerializer.Deserialize<JsonElement>((await docker.RunAsync(new Dictionary<string, string>(), ["docker", "image", "inspect", .. names])).Output).EnumerateArray().ToList();
        foreach (var ((target, most), image) in MostMebibytes.Zip(images[1..]))
        {
            var config = image.GetProperty("Config");
            config.GetProperty("User").GetString().ShouldBe("1654", target);
            config.GetProperty("StopSignal").GetString().ShouldBe("SIGTERM", target);
            config.GetProperty("Env").EnumerateArray().Select(variable => variable.GetString()).ShouldContain("MALLOC_ARENA_MAX=2", target);
            config.GetProperty("Labels").GetProperty("org.opencontainers.image.title").GetString().ShouldBe($"assay/{target}");
            config.TryGetProperty("Healthcheck", out _).ShouldBe(target != "cli", target);
            var added = (image.GetProperty("Size").GetInt64() - images[0].GetProperty("Size").GetInt64()) / (double)Mebibyte;
            log.WriteLine($"assay/{target}: {added:0.0} MiB on top of the base image.");
            added.ShouldBeLessThan(most, target);
        }
    }

    private static async Task DropAsync(ComposeSystem system, IReadOnlyList<string> photos)
    {
        await using var services = new ServiceCollection()
            .AddObjectStore(new ObjectsOptions { Endpoint = system.Objects, AccessKey = system["S3_ACCESS_KEY"], SecretKey = system["S3_SECRET_KEY"] })
            .BuildServiceProvider();
        var objects = services.GetRequiredService<IObjectStore>();
        foreach (var photo in photos)
        {
            await using var file = File.OpenRead(photo);
            await objects.WriteAsync("landing", Path.GetFileName(photo), file, file.Length, "image/jpeg", metadata: null, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<List<(string Status, string? Health, int ExitCode)>> StatesAsync(ComposeSystem system, IEnumerable<string> services)
    {
        var states = new List<(string, string?, int)>();
        foreach (var service in services)
        {
            foreach (var state in (await system.ContainersAsync(service)).Select(container => container.GetProperty("State")))
                states.Add((state.GetProperty("Status").GetString()!, state.TryGetProperty("Health", out var health) ? health.GetProperty("Status").GetString() : null, state.GetProperty("ExitCode").GetInt32()));
        }
        return states;
    }

    private static async Task EventuallyAsync(ComposeSystem system, string what, Func<Task<bool>> condition)
    {
        try
        {
            await Eventually.HoldsAsync(what, condition, Patience);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException(exception.Message + await system.LogsAsync(), exception);
        }
    }
}
