using Assay.Contracts;
using MassTransit;

namespace Assay.Embedded.Run;

/// <summary>Hears every event of the stages and tells the run how far its images are.</summary>
public sealed class FollowImageConsumer(RunProgress progress) :
    IConsumer<ImageCleansed>,
    IConsumer<ImageEnriched>,
    IConsumer<ImageClassified>,
    IConsumer<ImageRejected>,
    IConsumer<Fault<DamagedArchive>>,
    IConsumer<Fault<ImageIngested>>,
    IConsumer<Fault<ImageCleansed>>,
    IConsumer<Fault<ImageEnriched>>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<ImageCleansed> context) => StepAsync(context.Message, RunStep.Cleansed);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<ImageEnriched> context) => StepAsync(context.Message, RunStep.Enriched);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<ImageClassified> context) => progress.EndAsync(context.Message.ImageId);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<ImageRejected> context) => progress.EndAsync(context.Message.ImageId);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<Fault<DamagedArchive>> context) => FailAsync(context.Message);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<Fault<ImageIngested>> context) => FailAsync(context.Message);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<Fault<ImageCleansed>> context) => FailAsync(context.Message);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<Fault<ImageEnriched>> context) => FailAsync(context.Message);

    private Task StepAsync(IImageEvent image, RunStep step)
    {
        progress.Step(image.ImageId, step);
        return Task.CompletedTask;
    }

    private Task FailAsync<T>(Fault<T> fault) where T : IImageEvent =>
        progress.EndAsync(fault.Message.ImageId, fault.Exceptions.Length > 0 ? fault.Exceptions[0].Message : "no exception was reported");
}
