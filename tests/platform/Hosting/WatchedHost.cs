using System.Globalization;
using Assay.Platform.Hosting;
using Assay.Tests.Distributed;
using Assay.Tests.Ingest;
using Assay.Tests.Platform.Messaging;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Assay.Tests.Platform.Hosting;

/// <summary>A service in this process with one stage, whose watchdog is in a hurry, and a broker's user and a way to the broker of its own.</summary>
internal sealed class WatchedHost : IAsyncDisposable
{
    /// <summary>A watchdog's pace for tests.</summary>
    public static readonly BusWatchdogPace Hurry = new()
    {
        Health = TimeSpan.FromMilliseconds(100),
        Consumers = TimeSpan.FromMilliseconds(300),
        Answer = TimeSpan.FromSeconds(3),
        Patience = TimeSpan.FromSeconds(2),
    };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("assay-watched-");
    private readonly Owned<RabbitMqServer> broker;
    private readonly Stage stage;
    private readonly string user = Servers.NewName();
    private bool hasUser = true;

    private WatchedHost(Owned<RabbitMqServer> broker, bool stops)
    {
        this.broker = broker;
        Door = new Door((broker.Value.Host, broker.Value.Port));
        stage = new Stage(stops, Errors);
    }

    /// <summary>Its way to the broker.</summary>
    public Door Door { get; }

    /// <summary>Every error in the log so far.</summary>
    public ErrorLog Errors { get; } = new();

    /// <summary>Its exit code, in the end.</summary>
    public Task<int> Running { get; private set; } = Task.FromResult(-1);

    /// <summary>Starts it; it works when this returns.</summary>
    /// <param name="stops">Whether it can stop, or something in it hangs.</param>
    public static async Task<WatchedHost> StartAsync(bool stops = true)
    {
        var host = new WatchedHost(await Servers.NewVirtualHostAsync(), stops);
        await Servers.AdministerAsync(HttpMethod.Put, $"api/users/{host.user}", new { password = host.user, tags = "" });
        await host.AllowAsync(".*");
        string[] settings =
        [
            "--urls=http://127.0.0.1:0", $"--Bus:Port={host.Door.Port.ToString(CultureInfo.InvariantCulture)}", $"--Bus:VirtualHost={host.broker.Value.VirtualHost}",
            $"--Bus:User={host.user}", $"--Bus:Password={host.user}", "--Objects:Kind=Folder", $"--Objects:Folder={host.folder.FullName}",
            "--Catalog:Kind=Sqlite", $"--Catalog:File={Path.Combine(host.folder.FullName, "catalog.db")}",
        ];
        host.Running = Task.Run(() => AssayHost.RunAsync(settings, host.stage));
        await Eventually.HoldsAsync("bus and consumers are there", async () => (await host.HealthAsync()).Status == HealthStatus.Healthy);
        return host;
    }

    /// <summary>What readiness says of the bus.</summary>
    public async Task<HealthReport> HealthAsync()
    {
        var services = await stage.Services.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name is "masstransit-bus" or "consumers");
    }

    /// <summary>Allows its user to read just the queues whose names match.</summary>
    public Task AllowAsync(string queues) =>
        Servers.AdministerAsync(HttpMethod.Put, $"api/permissions/{broker.Value.VirtualHost}/{user}", new { configure = ".*", write = ".*", read = queues });

    /// <summary>Takes its user away; the broker ends the user's connections.</summary>
    public async Task RemoveUserAsync()
    {
        if (hasUser)
            await Servers.AdministerAsync(HttpMethod.Delete, $"api/users/{user}");
        hasUser = false;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Running.IsCompleted)
            (await stage.Services.Task).GetRequiredService<IHostApplicationLifetime>().StopApplication();
        stage.Hanging.SetResult();
        await Running;
        await Door.DisposeAsync();
        await RemoveUserAsync();
        await broker.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private sealed class Stage(bool stops, ErrorLog errors) : TryoutStage
    {
        public TaskCompletionSource<IServiceProvider> Services { get; } = new();

        public TaskCompletionSource Hanging { get; } = new();

        public override void AddServices(IHostApplicationBuilder builder)
        {
            builder.Logging.AddProvider(errors);
            builder.Services.AddSingleton(new Script((_, _) => Task.CompletedTask)).AddSingleton(Hurry);
            if (stops)
                return;
            builder.Services.AddHostedService(_ => new HangingService(Hanging.Task));
            builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        }

        public override void MapEndpoints(IEndpointRouteBuilder endpoints) => Services.SetResult(endpoints.ServiceProvider);
    }

    // Something that does not even listen to the host's last word.
    private sealed class HangingService(Task end) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => end;
    }
}
