using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using MassTransit;

namespace Assay.Platform.Messaging;

/// <summary>
/// What is tried again, and for how long. A message that is being retried stays with its consumer, so a server that is away makes the
/// stage wait rather than its messages fail, however long it is away; anything else fails after a few seconds and is kept (<see cref="KeepFailures"/>).
/// </summary>
public static class Retries
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    internal static void UseRetries(this IReceiveEndpointConfigurator endpoint)
    {
        // Ten seconds a time for 20 minutes, under RabbitMQ's 30 minutes for an unacknowledged message. Where every attempt runs into a timeout of its own
        // it takes longer: then RabbitMQ takes the message back and delivers it again, which is as good, as is giving it back after the last attempt.
        endpoint.UseMessageRetry(retry =>
        {
            retry.Handle<Exception>(IsServerAway);
            retry.Exponential(120, TimeSpan.FromMilliseconds(500), LongestPause, TimeSpan.FromSeconds(1));
        });
        endpoint.UseMessageRetry(retry =>
        {
            retry.Handle<Exception>(exception => !IsServerAway(exception));
            retry.Intervals(100, 1000, 4000);
        });
    }

    /// <summary>Whether a server could not be reached or could not answer, as opposed to a bug or a missing object.</summary>
    public static bool IsServerAway(Exception exception) => exception switch
    {
        DbException database => database.IsTransient || IsCatalogAway(database.SqlState) || database.InnerException is IOException or SocketException or TimeoutException,
        HttpRequestException or SocketException or TimeoutException or EndOfStreamException => true,
        AmazonServiceException store => IsStoreAway(store),
        // A deadline has passed. Whoever wants the consumer to stop says so with its own token, which the bus knows.
        HttpIOException or OperationCanceledException => true,
        MessageReturnedException => false,
        RequestTimeoutException or ConnectionException => true,
        _ => exception.InnerException is { } inner && IsServerAway(inner),
    };

    // PostgreSQL's codes: read-only, as after a fail-over; a password or a role that is being changed; a database that is not there yet, or has not been migrated yet (a column,
    // a table); a server that is shutting down or starting.
    private static bool IsCatalogAway(string? code) => code is "25006" or "28000" or "28P01" or "3D000" or "42703" or "42P01" or "57P01" or "57P02" or "57P03";

    // No status: no answer. The codes: a key that is being rotated or a clock that is being set. Any other refusal is about this object, and others need not wait.
    private static bool IsStoreAway(AmazonServiceException exception) =>
        exception.StatusCode is 0 or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
        || exception.ErrorCode is "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "RequestTimeTooSkewed";
}
