using System.Collections.Concurrent;
using System.Globalization;
using Assay.Classify;
using Assay.Classify.Registry;
using Assay.Contracts;
using Assay.Enrich;
using Assay.Ingest;
using Assay.Platform.Catalog;
using Assay.Platform.Hosting;
using Assay.Platform.Objects;
using Assay.Preprocess;
using Assay.Tests.Classify;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Xunit;

namespace Assay.Tests.Platform;

/// <summary>All stages in this process, on a folder, SQLite and an in-memory bus, or on the real servers. It knows which objects the stages have read.</summary>
internal sealed class TwinHost : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("assay-twins-").FullName;
    private readonly PackageFolder model = PackageFolder.With();
    private readonly Dictionary<string, string?> place;
    private readonly List<Func<ValueTask>> cleaning = [];
    private IHost host = null!;

    private TwinHost() => place = new()
    {
        ["Bus:Kind"] = "InMemory",
        ["Objects:Kind"] = "Folder",
        ["Objects:Folder"] = folder,
        ["Catalog:Kind"] = "Sqlite",
        ["Catalog:File"] = Path.Combine(folder, "catalog.db"),
        ["Ingest:Sources:0:Name"] = "landing",
        ["Ingest:Sources:0:Scan"] = "",
    };

    /// <summary>Bucket and key of everything that was read.</summary>
    public ConcurrentQueue<string> Read { get; } = [];

    public IObjectStore Objects => host.Services.GetRequiredService<IObjectStore>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LandingSource Landing => host.Services.GetRequiredService<LandingZone>().Sources[0];

    /// <summary>Starts it; its buckets and its catalog are there.</summary>
    public static async Task<TwinHost> StartAsync(bool onServers = false, params (string Name, string Value)[] settings)
    {
        var twins = new TwinHost();
        if (onServers)
            await twins.UseServersAsync();
        await twins.StartHostAsync(settings);
        return twins;
    }

    /// <summary>Stops it, and starts it again in the same place with other settings.</summary>
    public async Task RestartAsync(params (string Name, string Value)[] settings)
    {
        await StopHostAsync();
        await StartHostAsync(settings);
    }

    /// <summary>Lets a file land and waits until it has ended, one way or the other.</summary>
    public async Task<ImageStatus> TakeInAsync(string key, byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        await Objects.WriteAsync(Landing.Bucket, key, stream, bytes.Length, "application/octet-stream", null, Token);
        await host.Services.GetRequiredService<IBus>().Publish(new ObjectLanded(Landing.Name, Landing.Bucket, key), Token);
        return await Eventually.GetAsync($"{key} has ended", () => WithCatalogAsync(async catalog =>
            await catalog.ImageStatus.AsNoTracking().SingleOrDefaultAsync(status => status.RawPath == key, Token) is { Ended: true } ended ? ended : null));
    }

    /// <summary>The sidecar of an image.</summary>
    public async Task<Sidecar> SidecarAsync(ImageStatus image) =>
        Sidecar.Parse(await Objects.ReadUpToAsync(image.GoldBucket!, image.SidecarKey!, Sidecar.MaxBytes, Token));

    /// <summary>Puts other bytes in an object's place.</summary>
    public async Task OverwriteAsync(string bucket, string key, byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        await Objects.WriteAsync(bucket, key, stream, bytes.Length, "application/octet-stream", null, Token);
    }

    /// <summary>Works with the catalog.</summary>
    public async Task<T> WithCatalogAsync<T>(Func<CatalogContext, Task<T>> work)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<CatalogContext>());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopHostAsync();
        foreach (var clean in cleaning)
            await clean();
        model.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task UseServersAsync()
    {
        var s3 = Servers.S3();
        var broker = await Servers.NewVirtualHostAsync();
        cleaning.Add(broker.DisposeAsync);
        var database = await Servers.NewDatabaseAsync();
        cleaning.Add(database.DisposeAsync);
        var catalog = new NpgsqlConnectionStringBuilder(database.Value.ConnectionString);
        var prefix = $"{Servers.NewName()}-";
        foreach (var (name, value) in new Dictionary<string, string?>
        {
            ["Bus:Kind"] = "RabbitMq",
            ["Bus:Host"] = broker.Value.Host,
            ["Bus:Port"] = broker.Value.Port.ToString(CultureInfo.InvariantCulture),
            ["Bus:VirtualHost"] = broker.Value.VirtualHost,
            ["Bus:User"] = broker.Value.User,
            ["Bus:Password"] = broker.Value.Password,
            ["Objects:Kind"] = "S3",
            ["Objects:Endpoint"] = s3.Endpoint.ToString(),
            ["Objects:AccessKey"] = s3.AccessKey,
            ["Objects:SecretKey"] = s3.SecretKey,
            ["Objects:BucketPrefix"] = prefix,
            ["Ingest:Sources:0:Bucket"] = prefix + "landing",
            ["Catalog:Kind"] = "Postgres",
            ["Catalog:Host"] = catalog.Host,
            ["Catalog:Port"] = catalog.Port.ToString(CultureInfo.InvariantCulture),
            ["Catalog:Database"] = catalog.Database,
            ["Catalog:User"] = catalog.Username,
            ["Catalog:Password"] = catalog.Password ?? "",
        })
        {
            place[name] = value;
        }
    }

    private async Task StartHostAsync((string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(place);
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value));
        builder.AddStages([new IngestStage(), new PreprocessStage(), new EnrichStage(), new ClassifyStage()]);
        // The real store, and a note of what is asked of it.
        var store = builder.Services.Last(service => service.ServiceType == typeof(IObjectStore));
        builder.Services.Remove(store);
        builder.Services.AddSingleton<IObjectStore>(services => new ReadLog(
            (IObjectStore)(store.ImplementationInstance ?? store.ImplementationFactory?.Invoke(services) ?? ActivatorUtilities.CreateInstance(services, store.ImplementationType!)), Read));
        host = builder.Build();
        await WithCatalogAsync(async catalog =>
        {
            await catalog.Database.MigrateAsync(Token);
            return true;
        });
        var layers = host.Services.GetRequiredService<ObjectsOptions>();
        foreach (var bucket in Layer.All.Append(Layer.Models).Select(layers.BucketOf).Append(Landing.Bucket))
            await Objects.MakeBucketAsync(bucket, Token);
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var (registry, package) = (scope.ServiceProvider.GetRequiredService<ModelRegistry>(), ModelPackage.Load(model.Path));
            await registry.AddAsync(package, "tests", Token);
            await registry.MoveAsync(package.Identity.Name, package.Identity.Version, ModelState.Active, "tests", Token);
        }
        await host.StartAsync(Token);
        // The broker refuses what no queue is bound for yet.
        var bus = host.Services.GetRequiredService<IBusControl>();
        await Eventually.HoldsAsync(
            "the stages listen", () => bus.CheckHealth().Status == BusHealthStatus.Healthy,
            details: () => string.Join('\n', bus.CheckHealth().Endpoints.Select(endpoint => $"{endpoint.Key}: {endpoint.Value.Description} {endpoint.Value.Exception?.Message}")));
    }

    private async Task StopHostAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }

    private sealed class ReadLog(IObjectStore store, ConcurrentQueue<string> read) : IObjectStore
    {
        public Task<T> ReadAsync<T>(string bucket, string key, string? version, Func<Stream, CancellationToken, Task<T>> reader, CancellationToken cancellationToken)
        {
            read.Enqueue($"{bucket}/{key}");
            return store.ReadAsync(bucket, key, version, reader, cancellationToken);
        }

        public Task<StoredObject?> FindAsync(string bucket, string key, CancellationToken cancellationToken) => store.FindAsync(bucket, key, cancellationToken);

        public Task WriteAsync(
            string bucket, string key, Stream content, long bytes, string mediaType, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken) =>
            store.WriteAsync(bucket, key, content, bytes, mediaType, metadata, cancellationToken);

        public Task CopyAsync(string fromBucket, string fromKey, string toBucket, string toKey, CancellationToken cancellationToken) =>
            store.CopyAsync(fromBucket, fromKey, toBucket, toKey, cancellationToken);

        public IAsyncEnumerable<StoredObject> ListAsync(string bucket, string prefix, CancellationToken cancellationToken) => store.ListAsync(bucket, prefix, cancellationToken);

        public Task<bool> MakeBucketAsync(string bucket, CancellationToken cancellationToken) => store.MakeBucketAsync(bucket, cancellationToken);

        public Task PingAsync(string bucket, CancellationToken cancellationToken) => store.PingAsync(bucket, cancellationToken);
    }
}
