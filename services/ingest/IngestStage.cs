using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using MassTransit;

namespace Assay.Ingest;

/// <summary>Takes images in from S3 buckets (by event and by schedule) and over HTTP, and writes bronze.</summary>
public sealed class IngestStage : IStage
{
    /// <inheritdoc/>
    public string Name => "ingest";

    /// <inheritdoc/>
    public void AddServices(IHostApplicationBuilder builder)
    {
        foreach (var source in builder.AddSettings<IngestOptions>().ActiveSources)
            builder.Services.AddSingleton(new NeededBucket(source.Bucket));
        builder.Services.AddSingleton<LandingZone>();
        builder.Services.AddScoped<Intake>();
        builder.Services.AddSingleton<UploadRoom>();
        builder.Services.AddScoped<UploadReceiver>();
        builder.Services.AddHostedService<LandingScan>();
    }

    /// <inheritdoc/>
    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<TranslateS3EventConsumer, TranslateS3EventDefinition>();
        bus.AddStageConsumer<IngestLandedObjectConsumer>(Name);
    }

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints) => endpoints.MapUploads();
}
