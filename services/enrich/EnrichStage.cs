using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using Assay.Platform.Isolation;
using MassTransit;

namespace Assay.Enrich;

/// <summary>Gathers what can be known about an image and writes gold.</summary>
public sealed class EnrichStage : IStage
{
    internal const string StageName = "enrich";

    /// <inheritdoc/>
    public string Name => StageName;

    /// <inheritdoc/>
    public void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(new Enricher(builder.AddSettings<EnrichOptions>()));
        builder.Services.AddKeyedSingleton(StageName, (_, _) => new ChildProcess(typeof(EnrichStage).Assembly));
        builder.Services.AddScoped<CarefulEnricher>();
    }

    /// <inheritdoc/>
    public void AddConsumers(IBusRegistrationConfigurator bus) =>
        bus.AddStageConsumer<EnrichImageConsumer>(Name);

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }
}
