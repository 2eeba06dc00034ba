using Assay.Ingest;
using Assay.Ingest.Local;
using Assay.Platform.Hosting;
using MassTransit;

namespace Assay.Embedded.Run;

/// <summary>What <c>assay run</c> adds to the stages: it brings files in and follows each image to its end.</summary>
internal sealed class RunStage : IStage
{
    public string Name => "run";

    public void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RunProgress>();
        builder.Services.AddSingleton<LocalFiles>();
        builder.Services.AddSingleton<ImageRun>();
        builder.Services.AddSingleton<ShadowProgress>();
        builder.Services.AddReceiveObserver(services => services.GetRequiredService<ShadowProgress>());
        builder.Services.AddSendObserver(services => services.GetRequiredService<ShadowProgress>());
    }

    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<FollowImageConsumer>().Endpoint(endpoint => endpoint.Name = Name);
        // A rejection is said to be of the stage that its queue is named after, and this one is of taking in.
        bus.AddConsumer<RefuseArchiveConsumer>().Endpoint(endpoint => endpoint.Name = new IngestStage().Name);
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }
}
