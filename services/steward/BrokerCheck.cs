using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Assay.Steward;

/// <summary>Whether the broker answers. The bus itself does not know here: it consumes nothing, has no connection until it publishes, and calls itself healthy.</summary>
internal sealed class BrokerCheck(Broker broker) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        broker.UseAsync(_ => Task.FromResult(HealthCheckResult.Healthy()), cancellationToken);
}
