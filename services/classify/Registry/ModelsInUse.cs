using System.Collections.Immutable;
using Assay.Platform.Catalog;
using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Assay.Classify.Registry;

/// <summary>The models whose answers count.</summary>
public sealed class ActiveModels(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ActiveModels> log) : ModelsInUse(ModelState.Active, scopes, clock, log);

/// <summary>The models that only watch; often none.</summary>
public sealed class ShadowModels(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ShadowModels> log) : ModelsInUse(ModelState.Shadow, scopes, clock, log);

/// <summary>
/// Keeps the models of one state in memory, and follows the registry: every replica asks the same table, so all end on the same models. Nobody who classifies
/// waits for a change, and a model that does not load leaves the one that it was to replace at work.
/// </summary>
public abstract partial class ModelsInUse(string use, IServiceScopeFactory scopes, TimeProvider clock, ILogger log) : BackgroundService, IHealthCheck
{
    // A change must have arrived within 10 seconds.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    // What did not load may be large; mended it is found soon enough.
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, DateTimeOffset> faults = [];
    private ImmutableArray<LoadedModel> models = [];
    private ImmutableArray<ModelState> missing = [];

    /// <summary>Whether there is a model in this state now, or may be: before the registry has been asked for the first time nobody knows.</summary>
    public bool MayHaveAny => models.Length > 0 || !loaded.Task.IsCompleted;

    /// <summary>The models that are in this state now, and which of them are not here. Of active ones at least one is.</summary>
    /// <exception cref="TimeoutException">None could be loaded for 30 seconds: as if a server were away.</exception>
    public async Task<ModelLease> BorrowAsync(CancellationToken cancellationToken)
    {
        await loaded.Task.WaitAsync(LongestWait, clock, cancellationToken);
        lock (gate)
            return new ModelLease(models, missing);
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(loaded.Task.IsCompleted ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("No model is loaded."));

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        Replace([], []);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isAway = false;
        while (true)
        {
            try
            {
                await FollowAsync(stoppingToken);
                isAway = false;
            }
#pragma warning disable CA1031 // Whatever it runs into (the catalog away, most often), the models that are loaded go on, and the next look must still come.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                if (!isAway)
                    LogAway(exception);
                isAway = true;
            }
            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var wanted = await scope.ServiceProvider.GetRequiredService<CatalogContext>().ModelStates.AsNoTracking()
            .Where(state => state.State == use).ToListAsync(cancellationToken);
        if (wanted.Count > 0 && wanted.Count == models.Length && missing.Length == 0 && wanted.All(state => models.Any(model => Is(model, state))))
            return;
        List<LoadedModel> next = [];
        try
        {
            foreach (var state in wanted)
            {
                var now = models.FirstOrDefault(model => Is(model, state)) ?? await TryLoadAsync(scope.ServiceProvider.GetRequiredService<ModelRegistry>(), state, cancellationToken);
                // Better the version that was to be replaced than no answer; who only watches may as well wait.
                if ((now ?? models.FirstOrDefault(model => use == ModelState.Active && model.Package.Identity.Name == state.Name)) is { } usable)
                    next.Add(usable);
            }
        }
        catch
        {
            // It is all tried again: what was loaded for this time nobody would free.
            foreach (var model in next.Except(models))
                model.Dispose();
            throw;
        }
        if (next.Count > 0 || use != ModelState.Active)
        {
            var lacking = wanted.Where(state => next.All(model => model.Package.Identity.Name != state.Name));
            Replace([.. next.OrderBy(model => model.Package.Identity.Name, StringComparer.Ordinal)], [.. lacking]);
            loaded.TrySetResult();
        }
    }

    private async Task<LoadedModel?> TryLoadAsync(ModelRegistry registry, ModelState state, CancellationToken cancellationToken)
    {
        if (faults.TryGetValue(state.PackageSha256, out var at) && clock.GetUtcNow() < at + PauseAfterFault)
            return null;
        try
        {
            var model = await registry.LoadAsync(state, cancellationToken);
            faults.Remove(state.PackageSha256);
            LogReady(state.Name, state.Version, state.State, model.Package.Identity.Sha256);
            return model;
        }
#pragma warning disable CA1031 // Whatever is wrong with one model, it is said, the others go on, and it is tried again, but not at every look.
        catch (Exception exception) when (!Retries.IsServerAway(exception))
#pragma warning restore CA1031
        {
            faults[state.PackageSha256] = clock.GetUtcNow();
            LogFault(state.Name, state.Version, state.State, exception.Message);
            return null;
        }
    }

    private void Replace(ImmutableArray<LoadedModel> next, ImmutableArray<ModelState> lacking)
    {
        ImmutableArray<LoadedModel> before;
        lock (gate)
        {
            before = models;
            models = next;
            missing = lacking;
        }
        foreach (var model in next.Except(before))
            Meters.ModelLoaded(model.Name, use, 1);
        foreach (var model in before.Except(next))
        {
            Meters.ModelLoaded(model.Name, use, -1);
            model.Dispose();
        }
    }

    private static bool Is(LoadedModel model, ModelState state) => model.Package.Sha256 == state.PackageSha256;

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Model} {Version} is loaded and {State} (SHA-256 {Sha256})")]
    private partial void LogReady(string model, string version, string state, string sha256);

    [LoggerMessage(Level = LogLevel.Error, Message = "Model {Model} {Version} is {State} and cannot be loaded, so that what was loaded before goes on: {Fault} Choose another version, or put its objects back.")]
    private partial void LogFault(string model, string version, string state, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The registry of models cannot be followed; the models that are loaded go on")]
    private partial void LogAway(Exception exception);
}
