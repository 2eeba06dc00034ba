namespace Assay.Platform.Messaging;

/// <summary>
/// The image itself is at fault and always will be: it is rejected once, with a reason, and not tried again.
/// Every other exception means "not now" and is retried.
/// </summary>
/// <param name="reason">One of <see cref="Contracts.RejectionReason"/>.</param>
/// <param name="detail">One sentence for the person who uploaded it: what is wrong, with the numbers.</param>
/// <param name="inner">What the decoder said, if it was the decoder.</param>
public sealed class InvalidImageException(string reason, string detail, Exception? inner = null) : Exception($"{reason}: {detail}", inner)
{
    /// <summary>One of <see cref="Contracts.RejectionReason"/>.</summary>
    public string Reason { get; } = reason;

    /// <summary>One sentence for a person.</summary>
    public string Detail { get; } = detail;
}
