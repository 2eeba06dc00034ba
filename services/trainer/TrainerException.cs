namespace Assay.Trainer;

/// <summary>The command cannot do what was asked; the message is one sentence for whoever asked.</summary>
/// <param name="message">What is wrong and what would be right.</param>
internal sealed class TrainerException(string message) : Exception(message);
