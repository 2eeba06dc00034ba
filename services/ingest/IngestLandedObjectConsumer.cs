using Assay.Contracts;
using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using MassTransit;

namespace Assay.Ingest;

/// <summary>Takes a landed object in: asks the store what is there now, copies it to bronze, records the fact, announces it.</summary>
public sealed partial class IngestLandedObjectConsumer(
    LandingZone landing, IObjectStore objects, Intake intake, ILogger<IngestLandedObjectConsumer> log) : IConsumer<ObjectLanded>
{
    // What S3 writes and copies in one request.
    private const long MaxBytes = 5L << 30;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The object is larger than bronze can take: nothing of it is read, and the failure waits for a person.</exception>
    public async Task Consume(ConsumeContext<ObjectLanded> context)
    {
        var (source, bucket, key) = context.Message;
        var cancellationToken = context.CancellationToken;
        if (!LandingZone.CanAddress(key))
        {
            LogUnreadable(source, bucket, key);
            return;
        }
        var landed = await objects.FindAsync(bucket, key, cancellationToken);
        if (landed is null)
        {
            // A hint about something that is gone again: upstream deleted or renamed it before anybody could read it.
            LogGone(source, bucket, key);
            return;
        }
        if (LandingZone.IsFolderMarker(landed))
            return;
        if (landed.Bytes > MaxBytes)
            throw new InvalidDataException($"{bucket}/{key} has {landed.Bytes} bytes. No original can have more than 5 GiB ({MaxBytes} bytes): remove it from the landing bucket, or split it.");
        var occurrence = landing.Describe(source, landed);
        using var uploadersTrace = Spans.Join("ingest", occurrence.TraceParent);
        var (image, isNew) = await intake.TakeAsync(
            occurrence with { IsBulk = context.IsBulk() }, (write, token) => objects.ReadAsync(bucket, key, landed.Version, write, token), cancellationToken);
        context.ReportImage(image, isNew);
        await context.PublishNextAsync(image.ToEvent(), image.TraceParent);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Source}: {Bucket}/{Key} cannot be read: its key is empty or begins with a slash; rename it")]
    private partial void LogUnreadable(string source, string bucket, string key);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Source}: {Bucket}/{Key} was announced and is not there")]
    private partial void LogGone(string source, string bucket, string key);
}
