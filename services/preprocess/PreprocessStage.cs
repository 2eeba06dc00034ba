using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using Assay.Platform.Isolation;
using MassTransit;

namespace Assay.Preprocess;

/// <summary>Makes the harmonised copy of an original and writes silver.</summary>
public sealed class PreprocessStage : IStage
{
    internal const string StageName = "preprocess";

    /// <inheritdoc/>
    public string Name => StageName;

    /// <inheritdoc/>
    public void AddServices(IHostApplicationBuilder builder)
    {
        var options = builder.AddSettings<PreprocessOptions>();
        builder.Services.AddSingleton(_ => new SilverTransform(options));
        builder.Services.AddKeyedSingleton(StageName, (_, _) => new ChildProcess(typeof(PreprocessStage).Assembly));
        builder.Services.AddScoped<CarefulTransform>();
    }

    /// <inheritdoc/>
    public void AddConsumers(IBusRegistrationConfigurator bus) =>
        bus.AddStageConsumer<CleanseImageConsumer>(Name);

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }
}
