using MassTransit;

namespace Assay.Platform.Messaging;

/// <summary>
/// Whether somebody has begun with a message before and did not come to its end: perhaps because the file killed the worker, perhaps because the worker was
/// killed for another reason. It is a suspicion, no evidence. The broker knows it of what it delivers again; whoever publishes again what was left
/// under way says it with a header.
/// </summary>
public static class TriedBefore
{
    /// <summary>The header's name. Its value is not looked at.</summary>
    public const string Header = "Assay-Again";

    /// <summary>Whether this message was delivered before, or published again.</summary>
    public static bool WasTriedBefore(this ConsumeContext context) => context.ReceiveContext.Redelivered || context.WasPublishedAgain();

    /// <summary>Says that a message was published before.</summary>
    public static void MarkAsTriedBefore(this SendContext context) => context.Headers.Set(Header, true);

    internal static bool WasPublishedAgain(this ConsumeContext context) => context.Headers.TryGetHeader(Header, out _);
}
