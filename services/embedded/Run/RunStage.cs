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
    }

    public void AddConsumers(IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<FollowImageConsumer>().Endpoint(endpoint => endpoint.Name = Name);

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }
}
