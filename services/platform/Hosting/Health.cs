using Assay.Platform.Catalog;
using Assay.Platform.Objects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Assay.Platform.Hosting;

/// <summary>
/// <c>/health/live</c>: the process runs, restart it if not. <c>/health/ready</c>: bus, catalog and objects answer, the buckets are there, every queue has a consumer, and the answer names those that do not.
/// </summary>
public static class Health
{
    private const string Ready = "ready";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Adds what a stage needs besides to be ready.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="name">What the answer calls it.</param>
    public static void AddReadyCheck<T>(this IServiceCollection services, string name) where T : class, IHealthCheck =>
        services.AddHealthChecks().AddCheck<T>(name, tags: [Ready], timeout: Patience);

    internal static void AddHealth(this IServiceCollection services) =>
        // The bus adds its own check, with the same tag.
        services.AddHealthChecks()
            .AddCheck<BusWatchdog>("consumers", tags: [Ready])
            .AddCheck<CatalogCheck>("catalog", tags: [Ready], timeout: Patience)
            .AddCheck<ObjectsCheck>("objects", tags: [Ready], timeout: Patience);

    internal static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = static _ => false });
        endpoints.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = static check => check.Tags.Contains(Ready),
            // The bus calls itself degraded when it has lost its broker: that is not ready.
            ResultStatusCodes = { [HealthStatus.Degraded] = StatusCodes.Status503ServiceUnavailable },
            ResponseWriter = static (context, report) => context.Response.WriteAsJsonAsync(
                report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status.ToString())),
        });
    }

    private sealed class CatalogCheck(CatalogContext catalog) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            await catalog.Database.CanConnectAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
    }

    // Bronze, which every stage copies to quarantine from, and what a stage needs beside the layers.
    private sealed class ObjectsCheck(IObjectStore objects, ObjectsOptions layers, IEnumerable<NeededBucket> others) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var buckets = others.Select(other => other.Name).Prepend(layers.BucketOf(Layer.Bronze)).Distinct();
            await Task.WhenAll(buckets.Select(bucket => objects.PingAsync(bucket, cancellationToken)));
            return HealthCheckResult.Healthy();
        }
    }
}
