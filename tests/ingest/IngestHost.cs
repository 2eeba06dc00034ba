using System.Collections.Concurrent;
using Assay.Contracts;
using Assay.Ingest;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Hosting;
using Assay.Platform.Objects;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shouldly;

namespace Assay.Tests.Ingest;

/// <summary>The ingest stage in this process: on a folder, SQLite and an in-memory bus unless settings say otherwise. It hears what the stage announces.</summary>
internal sealed class IngestHost : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("assay-ingest-").FullName;
    private readonly IHost host;

    private IngestHost((string Name, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Bus:Kind"] = "InMemory",
            ["Objects:Kind"] = "Folder",
            ["Objects:Folder"] = folder,
            ["Catalog:Kind"] = "Sqlite",
            ["Catalog:File"] = Path.Combine(folder, "catalog.db"),
            ["Ingest:Sources:0:Name"] = "landing",
            ["Ingest:Sources:0:Scan"] = "",
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => setting.Value));
        builder.Services.AddSingleton(Announced);
        builder.Logging.AddProvider(Errors);
        try
        {
            builder.AddStages([new IngestStage(), new ListeningStage()]);
        }
        catch (SettingsException)
        {
            Directory.Delete(folder);
            throw;
        }
        host = builder.Build();
    }

    /// <summary>Every <see cref="ImageIngested"/> so far.</summary>
    public ConcurrentQueue<ImageIngested> Announced { get; } = [];

    /// <summary>Every error in the log so far.</summary>
    public ErrorLog Errors { get; } = new();

    /// <summary>The object store.</summary>
    public IObjectStore Objects => host.Services.GetRequiredService<IObjectStore>();

    /// <summary>The sources.</summary>
    public LandingZone Landing => host.Services.GetRequiredService<LandingZone>();

    /// <summary>The scan, which runs when a test asks for it.</summary>
    public LandingScan Scan => host.Services.GetServices<IHostedService>().OfType<LandingScan>().Single();

    /// <summary>Starts it; its buckets and its catalog are there.</summary>
    public static async Task<IngestHost> StartAsync(params (string Name, string? Value)[] settings)
    {
        var ingest = new IngestHost(settings);
        await ingest.WithCatalogAsync(async catalog =>
        {
            await catalog.Database.MigrateAsync();
            return true;
        });
        var layers = ingest.host.Services.GetRequiredService<ObjectsOptions>();
        foreach (var bucket in Layer.All.Select(layers.BucketOf).Concat(ingest.Landing.Sources.Select(source => source.Bucket)))
            await ingest.Objects.MakeBucketAsync(bucket, CancellationToken.None);
        await ingest.host.StartAsync();
        return ingest;
    }

    /// <summary>Drops an object where the first source looks.</summary>
    public async Task<StoredObject> DropAsync(string key, byte[] bytes, Dictionary<string, string>? metadata = null)
    {
        var bucket = Landing.Sources[0].Bucket;
        using var stream = new MemoryStream(bytes);
        await Objects.WriteAsync(bucket, key, stream, bytes.Length, "application/octet-stream", metadata, CancellationToken.None);
        return (await Objects.FindAsync(bucket, key, CancellationToken.None)).ShouldNotBeNull();
    }

    /// <summary>Takes the bronze bucket away: from now on nothing can be taken in.</summary>
    public void LoseBronze() => Directory.Delete(Path.Combine(folder, Layer.Bronze), recursive: true);

    /// <summary>Gives a hint, as an event does.</summary>
    public Task HintAsync(string key) => host.Services.GetRequiredService<IBus>().Publish(new ObjectLanded(Landing.Sources[0].Name, Landing.Sources[0].Bucket, key));

    /// <summary>Scans all sources once; returns how many hints that gave.</summary>
    public async Task<int> ScanAsync()
    {
        var hints = 0;
        foreach (var source in Landing.Sources)
            hints += await Scan.ScanAsync(source, CancellationToken.None);
        return hints;
    }

    /// <summary>Waits until so many images are announced, and no more, and returns what the catalog says of all images, in the order of their paths.</summary>
    /// <param name="announced">How many.</param>
    /// <param name="again">Whether an image may be announced again: a scan on schedule gives a second hint for what is still being taken in.</param>
    public async Task<List<ImageFact>> ImagesAsync(int announced, bool again = false)
    {
        if (again)
        {
            await Eventually.HoldsAsync(
                $"{announced} images are announced", () => Announced.Select(image => image.ImageId).Distinct().Count() == announced, details: () => $"{Announced.Count} were.");
            return await ImagesAsync();
        }
        await Eventually.HoldsAsync($"{announced} images are announced", () => Announced.Count >= announced, TimeSpan.FromMinutes(2), () => $"{Announced.Count} were.");
        Announced.Count.ShouldBe(announced);
        return await ImagesAsync();
    }

    /// <summary>Works with the catalog.</summary>
    public async Task<T> WithCatalogAsync<T>(Func<CatalogContext, Task<T>> work)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<CatalogContext>());
    }

    /// <summary>Works with the intake.</summary>
    public async Task<T> WithIntakeAsync<T>(Func<Intake, Task<T>> work)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<Intake>());
    }

    private Task<List<ImageFact>> ImagesAsync() =>
        WithCatalogAsync(catalog => catalog.Images.AsNoTracking().OrderBy(image => image.RawPath).ToListAsync());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private sealed class ListeningStage : IStage
    {
        public string Name => "listener";

        public void AddServices(IHostApplicationBuilder builder)
        {
        }

        public void AddConsumers(IBusRegistrationConfigurator bus) => bus.AddConsumer<Listener>().Endpoint(endpoint => endpoint.Name = Name);

        public void MapEndpoints(IEndpointRouteBuilder endpoints)
        {
        }
    }
}

/// <summary>Hears what ingest announces.</summary>
public sealed class Listener(ConcurrentQueue<ImageIngested> announced) : IConsumer<ImageIngested>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<ImageIngested> context)
    {
        announced.Enqueue(context.Message);
        return Task.CompletedTask;
    }
}
