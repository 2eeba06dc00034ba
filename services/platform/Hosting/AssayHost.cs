using Assay.Platform.Catalog;
using Assay.Platform.Isolation;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Assay.Platform.Hosting;

/// <summary>Runs stages as a service: settings, bus, objects, catalog, health, telemetry.</summary>
public static class AssayHost
{
    /// <summary>The exit code of a service in which something has failed that is to run as long as the service does.</summary>
    private const int Failed = 1;

    /// <summary>The exit code of a service whose bus has not come back by itself (<see cref="BusWatchdog"/>).</summary>
    internal const int BusLost = 3;

    // Disposing of what has been stopped.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Runs until the process is asked to stop. Returns the exit code: 0; 1 when something in it has failed that is to run all the time, as the log says; 2 when a setting is wrong; 3 when the bus has not come back by itself, and the process is to be started again.
    /// With the one argument <c>health</c> it only asks the service that runs beside it: 0 when that is ready, otherwise 1.
    /// </summary>
    public static async Task<int> RunAsync(string[] args, params IStage[] stages)
    {
        if (args is [HealthQuestion.Argument])
            return await HealthQuestion.AskAsync();
        try
        {
            var builder = WebApplication.CreateBuilder(args);
            // Loopback unless told otherwise (ASPNETCORE_URLS or ASPNETCORE_HTTP_PORTS).
            if (string.IsNullOrEmpty(builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey)) && string.IsNullOrEmpty(builder.Configuration["HTTP_PORTS"]))
                builder.WebHost.UseUrls("http://127.0.0.1:8080");
            builder.AddSettingSources();
            builder.AddOperatorLogging();
            builder.AddTelemetry(stages[0].Name);
            builder.AddStages(stages);
            builder.Services.TryAddSingleton(new BusWatchdogPace());
            // After the bus, so that it is stopped first.
            builder.Services.AddSingleton<BusWatchdog>().AddHostedService(services => services.GetRequiredService<BusWatchdog>());
            builder.Services.AddHealth();
            var app = builder.Build();
            app.MapHealth();
            app.MapPrometheusScrapingEndpoint();
            foreach (var stage in stages)
                stage.MapEndpoints(app);
            return await RunAsync(app);
        }
        catch (SettingsException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }
    }

    private static async Task<int> RunAsync(WebApplication app)
    {
        var (lost, shutdown) = (app.Services.GetRequiredService<BusWatchdog>().GivenUp, app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
        var background = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
        var (hasFailed, isStopping) = (false, false);
        // The host logs the failure and asks itself to stop. What fails because the process was asked to stop is none.
        using var overdue = new CancellationTokenSource();
        using var stopping = app.Lifetime.ApplicationStopping.Register(() =>
        {
            isStopping = true;
            hasFailed = background.Any(service => service.ExecuteTask is { IsFaulted: true });
            overdue.CancelAfter(shutdown + Grace);
        });
        // Disposes of the application, too.
        var running = app.RunAsync();
        // What has lost its bus, or waits for a server that says nothing, is not waited for for ever, neither when it is stopped nor when it is disposed of: what is in hand goes back to the broker.
        await Task.WhenAny(running, Task.Delay(Timeout.InfiniteTimeSpan, overdue.Token));
        if (lost.IsCompleted)
            return BusLost;
        // How stopping fails the host has logged; it makes no failure of a service that was asked to stop.
        if (!isStopping)
            await running;
        return hasFailed ? Failed : 0;
    }

    /// <summary>Settings come from <c>ASSAY_…</c> variables; secrets also from files named like the variables without the prefix.</summary>
    /// <exception cref="SettingsException">A variable names a section that is not there.</exception>
    public static void AddSettingSources(this IHostApplicationBuilder builder)
    {
        Settings.RequireSections(Environment.GetEnvironmentVariables().Keys.Cast<string>());
        builder.Configuration.AddEnvironmentVariables(Settings.Prefix);
        builder.Configuration.AddKeyPerFile(SecretFiles.Folder, optional: true);
    }

    /// <summary>Adds stages and the three things they stand on.</summary>
    public static void AddStages(this IHostApplicationBuilder builder, params IReadOnlyList<IStage> stages)
    {
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(25));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddCatalog(builder.AddSettings<CatalogOptions>());
        builder.Services.AddObjectStore(builder.AddSettings<ObjectsOptions>());
        builder.Services.AddScoped<SuspectImages>();
        foreach (var stage in stages)
            stage.AddServices(builder);
        builder.Services.AddMessageBus(builder.AddSettings<BusOptions>(), stages);
    }

    private static void AddOperatorLogging(this WebApplicationBuilder builder)
    {
        // For whoever collects logs rather than reads them: Logging__Console__FormatterName=json.
        if (builder.Configuration["Logging:Console:FormatterName"] == ConsoleFormatterNames.Json)
        {
            builder.Logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
        else
        {
            builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            });
        }
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
    }
}
