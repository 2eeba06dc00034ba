using MassTransit;

namespace Assay.Platform.Messaging;

/// <summary>The broker has no queue for what a stage announces. What the stage has done is stored, and is not done again when the message comes back.</summary>
/// <param name="queue">The queue that should take it.</param>
/// <param name="returned">What the bus says.</param>
public sealed class QueueMissingException(string queue, MessageReturnedException returned)
    : Exception($"The broker has no queue '{queue}' that takes what this stage announces: run 'assay setup', which makes it.", returned);
