using System.Diagnostics;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Assay.Platform.Catalog;
using Assay.Platform.Hosting;
using Assay.Platform.Objects;
using MassTransit;
using Microsoft.Net.Http.Headers;

namespace Assay.Ingest;

/// <summary>What the request says about a file.</summary>
/// <param name="Name">Its name, without folders.</param>
/// <param name="UserId">Who it belongs to.</param>
/// <param name="UploadedAt">When it was uploaded, as ISO 8601.</param>
/// <param name="ContentDigest">Its checksum (RFC 9530), e.g. <c>sha-256=:base64:</c>.</param>
/// <param name="ContentType">What it says that it is.</param>
/// <param name="Batch">What came together.</param>
internal sealed record UploadDescription(string Name, string? UserId, string? UploadedAt, string? ContentDigest, string? ContentType, string? Batch);

/// <summary>A file that is safe in the landing bucket.</summary>
internal sealed record AcceptedUpload(Guid ImageId, string Key, string Name, long Bytes, string Sha256);

/// <summary>The upload is refused; the message is for the uploader.</summary>
internal sealed class UploadRefusedException(int status, string message, Exception? inner = null) : Exception(message, inner)
{
    public int Status { get; } = status;
}

/// <summary>
/// Receives one file: to a temporary file first (so that size and checksum are known before anything lands), then to the landing bucket.
/// From there it goes the way of everything that lands, so that an upload needs neither broker nor database.
/// </summary>
internal sealed partial class UploadReceiver(
    LandingZone landing, IngestOptions options, UploadRoom room, IObjectStore objects, IBus bus, TimeProvider clock, ILogger<UploadReceiver> log)
{
    // The hint only saves waiting for the notification or the scan: not worth holding up the answer for long. The first one of a process on a busy machine needs more than half a second.
    private static readonly TimeSpan HintPatience = TimeSpan.FromSeconds(1);

    private const string TryAgain = "There is no room to receive the file now; try again.";

    // A large file gets more time, a slow store not for ever.
    private const double SlowestBytesPerSecond = 10 << 20;

    /// <summary>Returns once the bytes are durable.</summary>
    /// <exception cref="UploadRefusedException">Too large, wrong checksum, or neither this service nor the store can take it now.</exception>
    public async Task<AcceptedUpload> ReceiveAsync(Stream body, UploadDescription description, CancellationToken cancellationToken)
    {
        var expected = ExpectedSha256(description.ContentDigest);
        using var share = new UploadRoom.Share(room);
        await using var file = NewFile();
        var sha256 = await SpoolAsync(body, file, share, cancellationToken);
        if (expected is not null && !sha256.AsSpan().SequenceEqual(expected))
            throw new UploadRefusedException(StatusCodes.Status400BadRequest, $"{description.Name}: the bytes that arrived do not have the SHA-256 that Content-Digest says.");
        var landed = await LandAsync(file, description, cancellationToken);
        var source = landing.UploadSource;
        Meters.CountUpload(Meters.Accepted);
        await HintAsync(source, landed.Key);
        var id = ImageIdentity.Of(source.Name, landed.Key, landed.Version, landed.LastModified);
        return new AcceptedUpload(id, landed.Key, description.Name, landed.Bytes, Convert.ToHexStringLower(sha256));
    }

    private async Task<byte[]> SpoolAsync(Stream body, FileStream file, UploadRoom.Share share, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[81920];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (file.Length + read > options.MaxUploadBytes)
                throw new UploadRefusedException(StatusCodes.Status413PayloadTooLarge, $"The file is larger than {options.MaxUploadBytes} bytes.");
            if (!share.TryTake(read))
            {
                LogFull(options.UploadRoom, options.MaxUploadBytes);
                throw new UploadRefusedException(StatusCodes.Status503ServiceUnavailable, TryAgain);
            }
            hash.AppendData(buffer, 0, read);
            try
            {
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
            catch (IOException exception)
            {
                throw NoRoom(exception);
            }
        }
        file.Position = 0;
        return hash.GetHashAndReset();
    }

    private FileStream NewFile()
    {
        try
        {
            var path = Path.GetTempFileName();
            var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.ReadWrite,
                Share = FileShare.Delete,
                // Every write is to say whether there was room for it.
                BufferSize = 0,
                Options = FileOptions.Asynchronous,
            });
            // Its name at once, its bytes when it is closed: a service that is killed leaves nothing behind.
            File.Delete(path);
            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NoRoom(exception);
        }
    }

    private UploadRefusedException NoRoom(Exception exception)
    {
        LogNoRoom(exception, Path.GetTempPath());
        return new(StatusCodes.Status503ServiceUnavailable, TryAgain, exception);
    }

    private async Task<StoredObject> LandAsync(FileStream file, UploadDescription description, CancellationToken cancellationToken)
    {
        var source = landing.UploadSource;
        var now = clock.GetUtcNow();
        var key = $"{source.Prefix}uploads/{now:yyyy'/'MM'/'dd}/{Guid.CreateVersion7(now)}";
        var metadata = new Dictionary<string, string>
        {
            [LandingZone.RawNameMetadata] = description.Name,
            [LandingZone.UploadedAtMetadata] = description.UploadedAt ?? now.ToString("O"),
        };
        if (description.UserId is not null)
            metadata[LandingZone.UserIdMetadata] = description.UserId;
        if (description.Batch is not null)
            metadata[LandingZone.BatchMetadata] = description.Batch;
        // Also where this service is not traced itself but whoever uploads is.
        if (Activity.Current is { Recorded: true } span)
            metadata[LandingZone.TraceParentMetadata] = span.Id!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.UploadPatience + TimeSpan.FromSeconds(file.Length / SlowestBytesPerSecond));
        try
        {
            await objects.WriteAsync(source.Bucket, key, file, file.Length, MediaTypeOf(description.ContentType), metadata, patience.Token);
            return await objects.FindAsync(source.Bucket, key, patience.Token) ?? throw new ObjectMissingException(source.Bucket, key);
        }
#pragma warning disable CA1031 // Whatever the store's client throws, the uploader is told to come back and the operator why.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogStoreAway(exception, source.Bucket);
            throw new UploadRefusedException(StatusCodes.Status503ServiceUnavailable, "The object store cannot take the file now; try again.", exception);
        }
    }

    private static string MediaTypeOf(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType is { HasValue: true, Length: <= LandingZone.MaxTypeLength } ? type.MediaType.Value : MediaTypeNames.Application.Octet;

    private async Task HintAsync(LandingSource source, string key)
    {
        using var patience = new CancellationTokenSource(HintPatience);
        try
        {
            await bus.HintAsync(source, key, patience.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or MassTransitException)
        {
            LogNoHint(exception, key);
        }
    }

    private static byte[]? ExpectedSha256(string? contentDigest)
    {
        if (string.IsNullOrEmpty(contentDigest))
            return null;
        var match = Sha256Digest().Match(contentDigest);
        var digest = new byte[SHA256.HashSizeInBytes];
        return match.Success && Convert.TryFromBase64String(match.Groups[1].Value, digest, out var length) && length == digest.Length
            ? digest
            : throw new UploadRefusedException(StatusCodes.Status400BadRequest, "Content-Digest must be sha-256=:base64:, as RFC 9530 has it.");
    }

    [GeneratedRegex(@"(?:^|,)\s*sha-256=:([A-Za-z0-9+/]+=*):", RegexOptions.IgnoreCase)]
    private static partial Regex Sha256Digest();

    [LoggerMessage(Level = LogLevel.Warning, Message = "An upload could not be written to {Bucket}; the uploader was told to try again")]
    private partial void LogStoreAway(Exception exception, string bucket);

    [LoggerMessage(Level = LogLevel.Error, Message = "An upload could not be kept in {Folder} until it is whole; the uploader was told to try again. Make room there, or set TMPDIR to a folder that has some")]
    private partial void LogNoRoom(Exception exception, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Uploads that have not landed yet fill the room there is for them: {Room} × {Bytes} bytes (Ingest:UploadRoom); the uploader was told to try again")]
    private partial void LogFull(int room, long bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No hint could be published for {Key}; the notification or the scan will find it")]
    private partial void LogNoHint(Exception exception, string key);
}
