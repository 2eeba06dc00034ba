using Assay.Classify.Registry;
using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using MassTransit;

namespace Assay.Classify;

/// <summary>Asks the active models what a gold image shows and records the predictions.</summary>
public sealed class ClassifyStage : IStage
{
    /// <summary>The queue of what the shadow models are still to see.</summary>
    public const string ShadowQueue = "classify-shadow";

    /// <inheritdoc/>
    public string Name => "classify";

    /// <inheritdoc/>
    public void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddSettings<ClassifyOptions>();
        builder.Services.AddScoped<ModelRegistry>().AddScoped<ModelAnswers>();
        builder.Services.AddSingleton<ActiveModels>().AddHostedService(services => services.GetRequiredService<ActiveModels>());
        builder.Services.AddSingleton<ShadowModels>().AddHostedService(services => services.GetRequiredService<ShadowModels>());
        builder.Services.AddHealthChecks().AddCheck<ActiveModels>("models", tags: ["ready"]);
    }

    /// <inheritdoc/>
    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddStageConsumer<ClassifyImageConsumer>(Name);
        // One at a time: who watches must not take the workers' cores.
        bus.AddConsumer<WatchImageConsumer>(consumer => consumer.UseConcurrencyLimit(1)).Endpoint(endpoint =>
        {
            endpoint.Name = ShadowQueue;
            endpoint.ConfigureConsumeTopology = false;
        });
    }

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }
}
