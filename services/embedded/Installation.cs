using System.CommandLine;
using System.Data.Common;
using Amazon.Runtime;
using Assay.Platform.Catalog;
using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using Assay.Steward;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded;

/// <summary>
/// What a command looks at: a data folder, or the deployment that the settings name. No stage is at work in it, and of a deployment nothing is changed by opening it.
/// </summary>
internal sealed class Installation : IAsyncDisposable
{
    /// <summary>The option that asks for the deployment.</summary>
    public static Option<bool> Deployed { get; } = new("--deployed") { Description = "Look at the deployment that the ASSAY_… settings name, instead of a data folder." };

    // No bus repeats what a command does, and of a million requests one may get no answer.
    private const int Retries = 3;

    private readonly IHost host;
    private readonly AsyncServiceScope scope;
    private readonly DataFolder? folder;

    private Installation(IHost host, DataFolder? folder)
    {
        this.host = host;
        this.folder = folder;
        scope = host.Services.CreateAsyncScope();
    }

    /// <summary>The services of the stages that were asked for, and what they stand on.</summary>
    public IServiceProvider Services => scope.ServiceProvider;

    /// <summary>The catalog.</summary>
    public CatalogContext Catalog => Services.GetRequiredService<CatalogContext>();

    /// <summary>The objects.</summary>
    public IObjectStore Objects => Services.GetRequiredService<IObjectStore>();

    /// <summary>The data folder; null for a deployment.</summary>
    public DataFolder? Folder => folder;

    /// <summary>Gives a command the two options that say where to look.</summary>
    public static void AddOptions(Command command)
    {
        command.Add(DataFolder.Option);
        command.Add(Deployed);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Deployed) && result.GetResult(DataFolder.Option) is { Implicit: false })
                result.AddError("--deployed and --data name two places; only one can be looked at.");
        });
    }

    /// <summary>Opens what the command line names and uses it. A server that is away or refuses is one sentence, and exit code 1.</summary>
    /// <param name="parsed">The command line of a command with <see cref="AddOptions"/>.</param>
    /// <param name="stages">The stages whose services are needed; none is started.</param>
    /// <param name="use">What to do with it; returns the exit code.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    public static async Task<int> UseAsync(ParseResult parsed, IReadOnlyList<IStage> stages, Func<Installation, Task<int>> use, CancellationToken cancellationToken)
    {
        // Ctrl-C is listened to once the command has returned for the first time; before that, it would only kill.
        await Task.Yield();
        try
        {
            return parsed.GetValue(Deployed)
                ? await UseDeploymentAsync(stages, use, cancellationToken)
                : await UseFolderAsync(DataFolder.Existing(parsed.GetRequiredValue(DataFolder.Option)), stages, use, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Terminal.WriteError("Stopped before the end.");
            return AssayCommand.Unfinished;
        }
    }

    /// <summary>Where an object is, for the person who asked: its file, or <c>bucket/key</c>.</summary>
    public string PlaceOf(string bucket, string key) => folder?.FileOf(bucket, key) ?? $"{bucket}/{key}";

    /// <summary>A command that looks at the same place, to be typed as it is.</summary>
    public string Command(string command) => $"assay {command} {(folder is null ? Deployed.Name : $"{DataFolder.Option.Name} {folder}")}";

    /// <summary>What brings an image back that the catalog has lost, and has results of.</summary>
    public string WayBack => folder is null
        ? "If its object is still where it landed, the next scan takes it in again under the same id; otherwise restore the table images from a backup."
        : "If its file is still there, unchanged, 'assay run' of the same path takes it in again under the same id; otherwise restore catalog.db from a backup.";

    /// <summary>The folder as the user wrote it, or the deployment's catalog.</summary>
    public override string ToString() => folder?.ToString() ?? CatalogOptions.Place;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await scope.DisposeAsync();
        host.Dispose();
    }

    private CatalogOptions CatalogOptions => Services.GetRequiredService<CatalogOptions>();

    private ObjectsOptions Store => Services.GetRequiredService<ObjectsOptions>();

    private static async Task<int> UseFolderAsync(DataFolder data, IReadOnlyList<IStage> stages, Func<Installation, Task<int>> use, CancellationToken cancellationToken)
    {
        await using var place = new Installation(await EmbeddedHost.PrepareAsync(data, stages, cancellationToken), data);
        return await use(place);
    }

    private static async Task<int> UseDeploymentAsync(IReadOnlyList<IStage> stages, Func<Installation, Task<int>> use, CancellationToken cancellationToken)
    {
        await using var deployment = new Installation(BuildDeployed(stages), folder: null);
        try
        {
            if (await deployment.IsReadyAsync(cancellationToken))
                return await use(deployment);
            Terminal.WriteError($"The catalog {deployment.CatalogOptions.Place} has not the tables of this version of Assay: run 'assay setup', which makes them.");
            return AssayCommand.Unfinished;
        }
        catch (Exception exception) when (IsCatalogs(exception))
        {
            Terminal.WriteError($"The catalog {deployment.CatalogOptions.Place} does not answer as it should: {exception.GetBaseException().Message}");
            return AssayCommand.Unfinished;
        }
        catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException or HttpRequestException or TimeoutException or IOException or UnauthorizedAccessException)
        {
            Terminal.WriteError($"The object store {deployment.Store.Place} does not answer as it should: {exception.Message}{ObjectsOptions.HintAt(exception)}");
            return AssayCommand.Unfinished;
        }
    }

    private static IHost BuildDeployed(IReadOnlyList<IStage> stages)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddSettingSources();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddSettings<BusOptions>();
        builder.AddSettings<StewardOptions>();
        builder.Services.AddCatalog(builder.AddSettings<CatalogOptions>());
        builder.Services.AddObjectStore(builder.AddSettings<ObjectsOptions>(), Retries);
        foreach (var stage in stages)
            stage.AddServices(builder);
        return builder.Build();
    }

    // Whatever fails while it is asked for its tables is the catalog's failure, even an exception that does not say so.
    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return !(await Catalog.Database.GetPendingMigrationsAsync(cancellationToken)).Any();
        }
        catch (Exception exception) when (exception is System.Net.Sockets.SocketException or TimeoutException)
        {
            throw new DbUpdateException(exception.Message, exception);
        }
    }

    private static bool IsCatalogs(Exception? exception) => exception is not null && (exception is DbException or DbUpdateException || IsCatalogs(exception.InnerException));
}
