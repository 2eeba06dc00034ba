using System.Net.Sockets;
using Assay.Platform.Messaging;
using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Assay.Platform.Hosting;

/// <summary>
/// Ends a service whose bus does not come back by itself. MassTransit gives up on a queue after a refusal, for instance, and may lose a consumer without noticing
/// (MassTransit#6001). As long as the broker is away nothing is ended: starting again would not help, and where supervisors wait longer each time it would cost time.
/// </summary>
/// <remarks>A queue's consumers are those of all processes: that one of several has lost its own is not seen from here.</remarks>
public sealed partial class BusWatchdog(
    IBusControl bus, BusOptions options, BusWatchdogPace pace, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<BusWatchdog> logger) : BackgroundService, IHealthCheck
{
    private readonly TaskCompletionSource givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? trouble;

    /// <summary>Completes when the bus is given up. The application has then been asked to stop.</summary>
    public Task GivenUp => givenUp.Task;

    /// <summary>Whether bus and consumers are there, as last seen.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(trouble is { } seen ? HealthCheckResult.Unhealthy(seen) : HealthCheckResult.Healthy());

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Kind != BusKind.RabbitMq)
            return;
        using var timer = new PeriodicTimer(pace.Health, time);
        var (looked, since) = (time.GetUtcNow(), time.GetUtcNow());
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var health = bus.CheckHealth();
            var now = time.GetUtcNow();
            if (health.Status == BusHealthStatus.Healthy && trouble is null && now - looked < pace.Consumers)
                continue;
            looked = now;
            var before = trouble;
            trouble = await FindTroubleAsync(health, stoppingToken);
            if (before is null)
                since = now;
            if (trouble is null || now - since <= pace.Patience)
                continue;
            SayWhy(since, options.Host, options.Port, trouble, AssayHost.BusLost);
            givenUp.SetResult();
            lifetime.StopApplication();
            return;
        }
    }

    // What is wrong although the broker is there; null if nothing is, or if the broker is away.
    private async Task<string?> FindTroubleAsync(BusHealthResult health, CancellationToken stoppingToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        patience.CancelAfter(pace.Answer);
        try
        {
            await using var connection = await BrokerConnection.OpenAsync(options, patience.Token);
            return health.Status == BusHealthStatus.Healthy ? await FindAbandonedQueueAsync(connection, health, patience.Token) : Describe(health);
        }
        // A password that is a variable is read at start: starting again helps when it was changed.
        catch (BrokerUnreachableException exception) when (exception.GetBaseException() is RabbitMQClientException refusal and not ConnectFailureException)
        {
            return health.Status == BusHealthStatus.Healthy ? null : refusal.Message;
        }
        catch (Exception exception) when (exception is RabbitMQClientException or IOException or SocketException or TimeoutException or InvalidOperationException
            || (exception is OperationCanceledException && !stoppingToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static string Describe(BusHealthResult health)
    {
        var ill = health.Endpoints.Values.Where(endpoint => endpoint.Status != BusHealthStatus.Healthy).ToList();
        return ill.Count == 0 ? health.Description : string.Join("; ", ill.Select(Describe));
    }

    private static string Describe(EndpointHealthResult endpoint)
    {
        var (said, reason) = ($"{endpoint.InputAddress.AbsolutePath}: {endpoint.Description}", endpoint.Exception?.GetBaseException());
        if (reason is not null && !said.Contains(reason.Message, StringComparison.Ordinal))
            said += $": {reason.Message}";
        return reason is OperationInterruptedException { ShutdownReason.ReplyCode: Constants.PreconditionFailed or Constants.NotFound } ? $"{said}; 'assay setup' says what to do" : said;
    }

    private async Task<string?> FindAbandonedQueueAsync(IConnection connection, BusHealthResult health, CancellationToken cancellationToken)
    {
        // The bus' own queue is for answers, which nobody here waits for.
        foreach (var address in health.Endpoints.Values.Select(endpoint => endpoint.InputAddress).Where(address => address.AbsolutePath != bus.Address.AbsolutePath))
        {
            var queue = new RabbitMqEndpointAddress(bus.Address, address).Name;
            if (await connection.FindQueueAsync(queue, cancellationToken) is not { } found)
                return $"queue {queue} is not there";
            if (found.ConsumerCount == 0)
                return $"queue {queue} has no consumer";
        }
        return null;
    }

    [LoggerMessage(LogLevel.Critical,
        "The bus has not worked since {Since:u} although the broker {Host}:{Port} can be reached ({Trouble}), so the process ends with exit code {ExitCode} for its supervisor to start it again.")]
    private partial void SayWhy(DateTimeOffset since, string host, int port, string trouble, int exitCode);
}
