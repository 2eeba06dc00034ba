using Assay.Platform.Hosting;
using MassTransit;

namespace Assay.Preprocess;

/// <summary>Makes the harmonised copy of an original and writes silver.</summary>
public sealed class PreprocessStage : IStage
{
    /// <inheritdoc/>
    public string Name => "preprocess";

    /// <inheritdoc/>
    public void AddServices(IHostApplicationBuilder builder)
    {
        var options = builder.AddSettings<PreprocessOptions>();
        builder.Services.AddSingleton(_ => new SilverTransform(options));
    }

    /// <inheritdoc/>
    public void AddConsumers(IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<CleanseImageConsumer>().Endpoint(endpoint => endpoint.Name = Name);

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }
}
