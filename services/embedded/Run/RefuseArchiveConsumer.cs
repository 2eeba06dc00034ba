using Assay.Contracts;
using Assay.Platform.Messaging;
using MassTransit;

namespace Assay.Embedded.Run;

/// <summary>Rejects a damaged archive as any stage rejects what it cannot work with: only who unpacked it knows what is wrong with it.</summary>
public sealed class RefuseArchiveConsumer : IConsumer<DamagedArchive>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<DamagedArchive> context) => throw new InvalidImageException(
        RejectionReason.NotAnImage, $"The file is a damaged archive: {context.Message.Damage}. What could be unpacked is taken in.");
}
