using System.Diagnostics;
using Assay.Contracts;
using Assay.Platform.Hosting;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Assay.Platform.Messaging;

/// <summary>What a stage tells of every image: one line in the log, a number, a time, and the attributes of the span in which it came.</summary>
/// <typeparam name="T">The event.</typeparam>
public sealed partial class TellOfImages<T>(ILogger<TellOfImages<T>> log) : IFilter<ConsumeContext<T>> where T : class
{
    /// <inheritdoc/>
    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        var report = new StageReport();
        if (context.Message is IImageEvent image)
            (report.ImageId, report.Source) = (image.ImageId, image.Origin.Source);
        context.AddOrUpdatePayload(() => report, _ => report);
        if (context.SentTime is { } sent && IsTaken(context.ReceiveContext))
            Meters.WaitedIn(Lane.QueueOf(context.ReceiveContext), DateTime.UtcNow - sent);
        Activity.Current = context.DetachedTrace();
        using var scope = About(report.ImageId);
        // The span in which the message came is one, and its attempts are several.
        var attempt = Activity.Current is null ? null : Spans.Start("attempt");
        var (started, outcome) = (Stopwatch.GetTimestamp(), Meters.Retried);
        try
        {
            await next.Send(context);
            outcome = report.Reason is null ? Meters.Done : Meters.Rejected;
        }
        finally
        {
            attempt?.SetTag(Spans.Outcome, outcome).SetTag(Spans.Reason, report.Reason).SetStatus(outcome == Meters.Retried ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
            attempt?.Dispose();
            // Of a landed object the image is known only now.
            using var late = scope is null ? About(report.ImageId) : null;
            Tell(Lane.StageOf(context.ReceiveContext), outcome, report, Stopwatch.GetElapsedTime(started));
        }
    }

    /// <inheritdoc/>
    public void Probe(ProbeContext context) => context.CreateFilterScope("tellOfImages");

    // Only now, and not again for another attempt with the message in hand.
    private static bool IsTaken(ReceiveContext context)
    {
        var isNew = false;
        context.GetOrAddPayload(() =>
        {
            isNew = true;
            return new Taken();
        });
        return isNew;
    }

    private IDisposable? About(Guid? imageId) => imageId is { } id ? log.BeginScope(new KeyValuePair<string, object?>[] { new(Spans.ImageId, id) }) : null;

    private void Tell(string stage, string outcome, StageReport report, TimeSpan time)
    {
        Activity.Current.SetImage(report.ImageId, report.Source, stage, outcome, report.Reason);
        // A landed object of which no image came is none; an attempt at one may be.
        if (report.IsRepeated || (report.ImageId is null && outcome == Meters.Done))
            return;
        Meters.CountImage(stage, outcome);
        Meters.StageTook(stage, time);
        var trace = Activity.Current?.TraceId.ToString() ?? "none";
        if (outcome == Meters.Done)
            LogDone(report.ImageId, stage, time.TotalMilliseconds, trace);
        else if (outcome == Meters.Rejected)
            LogRejected(report.ImageId, stage, report.Reason, report.Detail, time.TotalMilliseconds, trace);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {ImageId} done by {Stage} in {Milliseconds:0.0} ms, trace {TraceId}")]
    private partial void LogDone(Guid? imageId, string stage, double milliseconds, string traceId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {ImageId} rejected by {Stage}: {Reason}. {Detail} In {Milliseconds:0.0} ms, trace {TraceId}")]
    private partial void LogRejected(Guid? imageId, string stage, string? reason, string? detail, double milliseconds, string traceId);

    private sealed class Taken;
}
