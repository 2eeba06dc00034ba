using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using Assay.Tests.Ingest;
using Assay.Tests.Platform.Messaging;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform.Hosting;

/// <summary>When a service whose bus does not work ends, and when it does not. Here its watchdog is in a hurry; tests/distributed has the real one.</summary>
public sealed class BusWatchdogTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_service_that_may_read_its_queue_no_more_says_so_and_ends_with_3_even_if_it_cannot_stop(bool stops)
    {
        await using var host = await WatchedHost.StartAsync(stops);
        await host.AllowAsync("^$");
        // Permissions are asked for when somebody begins to consume.
        host.Door.Close();
        host.Door.Open();
        (await host.Running.WaitAsync(Patience, TestContext.Current.CancellationToken)).ShouldBe(3);
        var sentence = host.Errors.Messages.Where(message => message.Contains("exit code 3", StringComparison.Ordinal)).ShouldHaveSingleItem();
        // One of its two queues, the one for bulk work perhaps, is refused first.
        sentence.ShouldMatch($"/{BusHost.Stage}(-bulk)?: faulted");
        sentence.ShouldContain("ACCESS_REFUSED");
        sentence.ShouldContain($"127.0.0.1:{host.Door.Port}");
    }

    [Fact]
    public async Task A_service_that_the_broker_lets_in_no_more_says_so_and_ends_with_3()
    {
        await using var host = await WatchedHost.StartAsync();
        await host.RemoveUserAsync();
        (await host.Running.WaitAsync(Patience, TestContext.Current.CancellationToken)).ShouldBe(3);
        host.Errors.Messages.Where(message => message.Contains("exit code 3", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain("ACCESS_REFUSED");
    }

    // A bus that only makes its queues reads from them no more than one that has lost its consumers without noticing.
    [Fact]
    public async Task A_queue_without_a_consumer_is_seen_although_the_bus_calls_itself_healthy()
    {
        await using var broker = await Servers.NewVirtualHostAsync();
        var options = new BusOptions
        {
            Host = broker.Value.Host, Port = broker.Value.Port, VirtualHost = broker.Value.VirtualHost, User = broker.Value.User, Password = broker.Value.Password,
        };
        using var errors = new ErrorLog();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(errors);
        builder.Services.AddSingleton(options).AddSingleton(TimeProvider.System).AddSingleton(WatchedHost.Hurry).AddMessageBus(options, [new TryoutStage()], topologyOnly: true);
        builder.Services.AddSingleton<BusWatchdog>().AddHostedService(services => services.GetRequiredService<BusWatchdog>());
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var bus = host.Services.GetRequiredService<IBusControl>();
        await bus.WaitForHealthStatus(BusHealthStatus.Healthy, Patience);
        var watchdog = host.Services.GetRequiredService<BusWatchdog>();

        await Eventually.HoldsAsync("it is not ready", async () => (await watchdog.CheckHealthAsync(new HealthCheckContext())).Status == HealthStatus.Unhealthy);
        await watchdog.GivenUp.WaitAsync(Patience, TestContext.Current.CancellationToken);

        bus.CheckHealth().Status.ShouldBe(BusHealthStatus.Healthy);
        errors.Messages.ShouldHaveSingleItem().ShouldContain($"queue {BusHost.Stage} has no consumer");
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested.ShouldBeTrue();
        await host.StopAsync(TestContext.Current.CancellationToken);
    }
}
