using Assay.Platform.Catalog;
using Assay.Platform.Isolation;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Assay.Platform.Hosting;

/// <summary>Runs stages as a service: settings, bus, objects, catalog, health.</summary>
public static class AssayHost
{
    /// <summary>Runs until the process is asked to stop. Returns the exit code: 0, or 2 when a setting is wrong.</summary>
    public static async Task<int> RunAsync(string[] args, params IStage[] stages)
    {
        try
        {
            var builder = WebApplication.CreateBuilder(args);
            // Loopback unless told otherwise (ASPNETCORE_URLS or ASPNETCORE_HTTP_PORTS).
            if (string.IsNullOrEmpty(builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey)) && string.IsNullOrEmpty(builder.Configuration["HTTP_PORTS"]))
                builder.WebHost.UseUrls("http://127.0.0.1:8080");
            builder.AddSettingSources();
            builder.AddOperatorLogging();
            builder.AddStages(stages);
            builder.Services.AddHealth();
            await using var app = builder.Build();
            app.MapHealth();
            foreach (var stage in stages)
                stage.MapEndpoints(app);
            await app.RunAsync();
            return 0;
        }
        catch (SettingsException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }
    }

    /// <summary>Settings come from <c>ASSAY_…</c> variables; secrets also from files named like the variables without the prefix.</summary>
    /// <exception cref="SettingsException">A variable names a section that is not there.</exception>
    public static void AddSettingSources(this IHostApplicationBuilder builder)
    {
        Settings.RequireSections(Environment.GetEnvironmentVariables().Keys.Cast<string>());
        var secrets = Environment.GetEnvironmentVariable("ASSAY_SECRETS_DIR") ?? "/run/secrets";
        builder.Configuration.AddEnvironmentVariables(Settings.Prefix);
        builder.Configuration.AddKeyPerFile(Path.GetFullPath(secrets), optional: true);
    }

    /// <summary>Adds stages and the three things they stand on.</summary>
    public static void AddStages(this IHostApplicationBuilder builder, params IReadOnlyList<IStage> stages)
    {
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(28));
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
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
    }
}
