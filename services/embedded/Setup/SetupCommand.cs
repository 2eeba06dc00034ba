using System.CommandLine;
using Assay.Classify.Registry;
using Assay.Ingest;
using Assay.Platform.Catalog;
using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;

namespace Assay.Embedded.Setup;

/// <summary><c>assay setup</c>: makes a deployment what its settings say. Safe to run at any time; says what it changed.</summary>
internal static class SetupCommand
{
    public static Command Create()
    {
        var command = new Command(
            "setup", "Prepares a deployment as its ASSAY_… settings say, and can be run again at any time: migrations, buckets, the first model, queues, bucket notifications, expiry.");
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddSettingSources();
        var (bus, ingest) = (builder.AddSettings<BusOptions>(), builder.AddSettings<IngestOptions>());
        builder.Services.AddCatalog(builder.AddSettings<CatalogOptions>());
        builder.Services.AddObjectStore(builder.AddSettings<ObjectsOptions>());
        builder.CheckOtherSettings();
        builder.Services.AddSingleton(TimeProvider.System).AddScoped<ModelRegistry>();
        builder.Services.AddSingleton<CatalogSetup>().AddSingleton<BucketSetup>().AddSingleton<ModelSetup>();
        using var host = builder.Build();
        try
        {
            var changes = 0;
            await foreach (var change in ChangesAsync(host.Services, bus, ingest, cancellationToken))
            {
                Console.WriteLine(change);
                changes++;
            }
            Console.WriteLine(changes == 0 ? "Everything was ready: nothing changed." : $"Ready: {changes} {(changes == 1 ? "change" : "changes")}.");
            return AssayCommand.Done;
        }
        catch (SetupFailedException failure)
        {
            Terminal.WriteError(failure.Message);
            return AssayCommand.Unfinished;
        }
    }

    // Queues before notifications: what a bucket announces must have somewhere to go.
    private static IAsyncEnumerable<string> ChangesAsync(IServiceProvider services, BusOptions bus, IngestOptions ingest, CancellationToken cancellationToken)
    {
        var buckets = services.GetRequiredService<BucketSetup>();
        return services.GetRequiredService<CatalogSetup>().MigrateAsync(cancellationToken)
            .Concat(buckets.MakeAsync(cancellationToken))
            .Concat(services.GetRequiredService<ModelSetup>().MakeActiveAsync(cancellationToken))
            .Concat(BrokerSetup.DeployAsync(bus, ingest, cancellationToken))
            .Concat(buckets.NotifyAsync(cancellationToken))
            .Concat(buckets.ExpireAsync(cancellationToken));
    }
}
