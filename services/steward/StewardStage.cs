using Assay.Platform.Catalog;
using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using MassTransit;

namespace Assay.Steward;

/// <summary>Makes every event optional: what was lost, failed or came back too often goes on its way again, and what does not help is shown to a person.</summary>
public sealed class StewardStage : IStage
{
    /// <inheritdoc/>
    public string Name => "steward";

    /// <inheritdoc/>
    public void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddSettings<StewardOptions>();
        RequireServers(builder);
        builder.Services.AddSingleton<Broker>();
        builder.Services.AddReadyCheck<BrokerCheck>("broker");
        builder.Services.AddScoped<DeadLetters>();
        builder.Services.AddScoped<Replay>();
        builder.Services.AddScoped<Redelivery>();
        builder.Services.AddScoped<Reconciler>();
        builder.Services.AddSingleton<Settled>();
        builder.Services.AddHostedService<Rounds>();
        builder.Services.AddHostedService<LedgerMetrics>();
        builder.Services.AddHostedService<BacklogMetrics>();
    }

    /// <inheritdoc/>
    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
    }

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }

    private static void RequireServers(IHostApplicationBuilder builder)
    {
        if (builder.Configuration["Bus:Kind"] is { } bus && bus != nameof(BusKind.RabbitMq))
            throw new SettingsException($"ASSAY_BUS__KIND is wrong: the steward looks after queues of a broker, and '{bus}' is none.");
        if (builder.Configuration["Catalog:Kind"] is { } catalog && catalog != nameof(CatalogKind.Postgres))
            throw new SettingsException($"ASSAY_CATALOG__KIND is wrong: the steward looks after a catalog in PostgreSQL, and '{catalog}' is none.");
    }
}
