using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using MassTransit;

namespace Assay.Classify;

/// <summary>Asks a model what a gold image shows and records the prediction.</summary>
public sealed class ClassifyStage : IStage
{
    /// <inheritdoc/>
    public string Name => "classify";

    /// <inheritdoc/>
    public void AddServices(IHostApplicationBuilder builder)
    {
        var options = builder.AddSettings<ClassifyOptions>();
        builder.Services.AddSingleton(LoadPackage(options));
        builder.Services.AddSingleton<ImageClassifier>();
        builder.Services.AddHostedService<ModelRegistration>();
    }

    /// <inheritdoc/>
    public void AddConsumers(IBusRegistrationConfigurator bus) =>
        bus.AddStageConsumer<ClassifyImageConsumer>(Name);

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }

    private static ModelPackage LoadPackage(ClassifyOptions options)
    {
        try
        {
            return ModelPackage.Load(options.Model);
        }
        catch (ModelPackageException exception)
        {
            throw new SettingsException($"ASSAY_CLASSIFY__MODEL names a model package that is wrong: {exception.Message}", exception);
        }
    }
}
