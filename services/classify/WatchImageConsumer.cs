using Assay.Classify.Registry;
using Assay.Contracts;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Messaging;
using MassTransit;

namespace Assay.Classify;

/// <summary>Asks the shadow models about what the active ones see, through a queue of its own, and records what they answer; nobody is told.</summary>
public sealed partial class WatchImageConsumer(ShadowModels shadows, ModelAnswers answers, CatalogContext catalog, ILogger<WatchImageConsumer> log) : IConsumer<ImageEnriched>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<ImageEnriched> context)
    {
        using var lease = await shadows.BorrowAsync(context.CancellationToken);
        foreach (var model in lease.Models)
        {
            try
            {
                await catalog.AppendAsync([await answers.AnswerAsync(model, context.Message, PredictionFact.Shadow, context.CancellationToken)], context.CancellationToken);
            }
            catch (InvalidImageException refusal)
            {
                // Whether the image is rejected is for the active models' stage to decide, which reads the same bytes.
                LogRefusal(context.Message.ImageId, model.Package.Identity.Name, model.Package.Identity.Version, refusal.Detail);
            }
            catch (ModelAnswerException fault)
            {
                // Asked again it would say the same, and whoever only watches holds nothing up: it lacks an answer, which 'assay models compare' asks for once more.
                LogFault(context.Message.ImageId, fault.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Image {ImageId} gets no answer of shadow model {Model} {Version}: {Detail}")]
    private partial void LogRefusal(Guid imageId, string model, string version, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Image {ImageId} gets no answer of a shadow model: {Fault}")]
    private partial void LogFault(Guid imageId, string fault);
}
