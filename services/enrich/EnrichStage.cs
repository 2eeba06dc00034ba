using Assay.Platform.Hosting;
using MassTransit;

namespace Assay.Enrich;

/// <summary>Gathers what can be known about an image and writes gold.</summary>
public sealed class EnrichStage : IStage
{
    /// <inheritdoc/>
    public string Name => "enrich";

    /// <inheritdoc/>
    public void AddServices(IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton(new Enricher(builder.AddSettings<EnrichOptions>()));

    /// <inheritdoc/>
    public void AddConsumers(IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<EnrichImageConsumer>().Endpoint(endpoint => endpoint.Name = Name);

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }
}
