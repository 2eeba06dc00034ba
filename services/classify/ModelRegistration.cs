using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Messaging;

namespace Assay.Classify;

/// <summary>Records, once, that this model package answers here. The catalog may be away when the stage starts: then it is tried again.</summary>
internal sealed partial class ModelRegistration(
    ModelPackage package, IServiceScopeFactory scopes, TimeProvider clock, ILogger<ModelRegistration> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryRegisterAsync(stoppingToken))
            await Task.Delay(Pause, clock, stoppingToken);
    }

    private async Task<bool> TryRegisterAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<CatalogContext>().AppendAsync([new ModelFact
            {
                Sha256 = package.Identity.Sha256,
                PreprocessingHash = package.PreprocessingHash,
                LabelMapHash = package.LabelMapHash,
                Name = package.Identity.Name,
                Version = package.Identity.Version,
                Labels = [.. package.Manifest.Labels],
                RegisteredAt = clock.GetCatalogTime(),
            }], cancellationToken);
            LogReady(package.Identity.Name, package.Identity.Version, package.Identity.Sha256);
            return true;
        }
        catch (Exception exception) when (Retries.IsServerAway(exception))
        {
            LogWaiting(exception);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Model} {Version} answers (SHA-256 {Sha256})")]
    private partial void LogReady(string model, string version, string sha256);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The model cannot be recorded while the catalog is away; it is tried again")]
    private partial void LogWaiting(Exception exception);
}
