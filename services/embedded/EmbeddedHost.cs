using Assay.Classify;
using Assay.Enrich;
using Assay.Ingest;
using Assay.Platform.Catalog;
using Assay.Platform.Hosting;
using Assay.Platform.Objects;
using Assay.Preprocess;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded;

/// <summary>The embedded form: all stages in one process. That it is embedded is said here, once, as settings.</summary>
internal static class EmbeddedHost
{
    /// <summary>The stages of the way from a file to a label.</summary>
    public static IReadOnlyList<IStage> Stages { get; } = [new IngestStage(), new PreprocessStage(), new EnrichStage(), new ClassifyStage()];

    /// <summary>A host with the given stages on an in-memory bus, a folder and SQLite; its catalog and buckets are ready.</summary>
    /// <param name="data">The folder.</param>
    /// <param name="stages">All stages to run an image through; none to look at what is there.</param>
    /// <param name="cancellationToken">Stops preparing.</param>
    public static async Task<IHost> PrepareAsync(DataFolder data, IReadOnlyList<IStage> stages, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddSettingSources();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Bus:Kind"] = "InMemory",
            ["Objects:Kind"] = "Folder",
            ["Objects:Folder"] = data.ToString(),
            ["Objects:BucketPrefix"] = null,
            ["Catalog:Kind"] = "Sqlite",
            ["Catalog:File"] = data.Catalog,
            // Files of this machine, and no bucket to list.
            ["Ingest:Sources:0:Name"] = "local",
            ["Ingest:Sources:0:Scan"] = "",
        });
        // Standard output is for results.
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        // What is retried is no news; what a stage gives up on is.
        builder.Logging.AddFilter("MassTransit", LogLevel.Error);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.AddStages(stages);
        var host = builder.Build();
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<CatalogContext>().Database.MigrateAsync(cancellationToken);
        var (objects, layers) = (host.Services.GetRequiredService<IObjectStore>(), host.Services.GetRequiredService<ObjectsOptions>());
        string[] buckets = [.. Layer.All.Append(Layer.Models).Select(layers.BucketOf)];
        data.RequireFolders(buckets);
        foreach (var bucket in buckets)
            await objects.MakeBucketAsync(bucket, cancellationToken);
        return host;
    }
}
