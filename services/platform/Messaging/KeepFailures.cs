using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Runtime.Serialization;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Hosting;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Assay.Platform.Messaging;

/// <summary>
/// The end of the way for a message that its stage could not finish: it is kept in the catalog, with the reason, and is done as far as the broker is
/// concerned. The steward gives it back to its queue after growing pauses, as long as that may help; then it waits for a person (<c>assay failures</c>).
/// A message that failed because a server is away is not kept but given back at once: nothing is wrong with it.
/// </summary>
internal sealed partial class KeepFailures(IServiceScopeFactory scopes, TimeProvider clock, ILogger<KeepFailures> log)
    : IFilter<ExceptionReceiveContext>, IFilter<ReceiveContext>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>What a stage, or reading the message, has failed with.</summary>
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        var exception = context.Exception;
        if (!context.IsFaulted)
            await context.NotifyFaulted(exception);
        if (Retries.IsServerAway(exception))
            ExceptionDispatchInfo.Throw(exception);
        // Of reading the message. What a consumer cannot read is another thing, and may be mended.
        var isUnreadable = exception is SerializationException;
        await KeepAsync(context, MessageIn(context).ToFact(exception.GetType().Name, exception.Message, exception.StackTrace, !isUnreadable, clock.GetCatalogTime()));
        await next.Send(context);
    }

    /// <summary>A message of a type that nobody here consumes.</summary>
    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        await KeepAsync(context, MessageIn(context).ToFact("no-consumer", "No consumer of this queue takes this type of message.", null, false, clock.GetCatalogTime()));
        await next.Send(context);
    }

    /// <inheritdoc/>
    public void Probe(ProbeContext context) => context.CreateFilterScope("keepFailures");

    private async Task KeepAsync(ReceiveContext context, FailureFact failure)
    {
        while (true)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<CatalogContext>().AppendFailureAsync(failure, context.CancellationToken);
                Meters.CountImage(failure.Stage, Meters.Failed);
                Activity.Current?.SetTag(Spans.Outcome, Meters.Failed);
                LogKept(failure.Stage, failure.Message, failure.ImageId, failure.Exception, failure.Detail, failure.Attempt);
                return;
            }
            catch (Exception exception) when (Retries.IsServerAway(exception) && !context.CancellationToken.IsCancellationRequested)
            {
                LogWaiting(exception, failure.Stage);
                await Task.Delay(Pause, clock, context.CancellationToken);
            }
        }
    }

    private static FailedMessage MessageIn(ReceiveContext context) => new(
        context.InputAddress.Segments[^1],
        Header(context, MessageHeaders.MessageId),
        context.GetBody(),
        context.ContentType?.ToString(),
        Guid.TryParse(Header(context, FailedMessage.SeriesHeader), out var series) ? series : null,
        int.TryParse(Header(context, FailedMessage.AttemptHeader), CultureInfo.InvariantCulture, out var attempt) ? attempt : 0);

    private static string? Header(ReceiveContext context, string name) =>
        context.TransportHeaders.TryGetHeader(name, out var value) ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;

    [LoggerMessage(Level = LogLevel.Error, Message = "{Stage} could not finish {Type} of image {ImageId}: {Exception}: {Detail} Failure {Attempt}; the message is kept (assay failures)")]
    private partial void LogKept(string stage, string type, Guid? imageId, string exception, string detail, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A failure of {Stage} cannot be recorded while the catalog is away; it is tried again")]
    private partial void LogWaiting(Exception exception, string stage);
}
