using System.Globalization;
using System.Text;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Messaging;
using MassTransit.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Assay.Steward;

/// <summary>
/// What the steward asks of RabbitMQ as it is, below messages and consumers: how much waits in a queue, and bytes in and out of one. A connection for each use,
/// some a minute: nothing to keep alive or to mend.
/// </summary>
public sealed class Broker(BusOptions options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Connects, and gives the connection to <paramref name="use"/>.</summary>
    /// <exception cref="BrokerUnreachableException">It is away, or refuses.</exception>
    /// <exception cref="TimeoutException">It takes a connection and says nothing.</exception>
    public async Task<T> UseAsync<T>(Func<IConnection, Task<T>> use, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(use);
        await using var connection = await ConnectAsync(cancellationToken);
        return await use(connection);
    }

    /// <summary>Takes a message from a queue, to be acknowledged on the channel; null where none waits.</summary>
    public static async Task<(FailedMessage Message, ulong Tag)?> TakeAsync(IChannel channel, string queue, CancellationToken cancellationToken)
    {
        if (await channel.BasicGetAsync(queue, autoAck: false, cancellationToken) is not { } message)
            return null;
        var (headers, properties) = (message.BasicProperties.Headers, message.BasicProperties);
        return (new FailedMessage(
            TextOf(headers, "x-first-death-queue") ?? "",
            properties.MessageId,
            message.Body.ToArray(),
            properties.ContentType,
            Guid.TryParse(TextOf(headers, FailedMessage.SeriesHeader), out var series) ? series : null,
            int.TryParse(TextOf(headers, FailedMessage.AttemptHeader), CultureInfo.InvariantCulture, out var attempt) ? attempt : 0), message.DeliveryTag);
    }

    /// <summary>Gives a failed message back to its queue; it is safe there when this returns.</summary>
    /// <param name="connection">The broker.</param>
    /// <param name="failure">What has failed.</param>
    /// <param name="trace">The trace in which it did, if that is known. What comes now is a new one, with a link to it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="PublishException">The queue is not there, or does not take it.</exception>
    public static async Task GiveBackAsync(IConnection connection, FailureFact failure, string? trace, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        var properties = new BasicProperties
        {
            ContentType = failure.ContentType,
            Persistent = true,
            Headers = new Dictionary<string, object?>
            {
                [FailedMessage.SeriesHeader] = failure.Series.ToString(),
                [FailedMessage.AttemptHeader] = failure.Attempt.ToString(CultureInfo.InvariantCulture),
            },
        };
        if (trace is not null)
        {
            properties.Headers[DiagnosticHeaders.ActivityId] = trace;
            properties.Headers[DiagnosticHeaders.ActivityPropagation] = "Link";
        }
        await channel.BasicPublishAsync("", failure.Queue, mandatory: true, properties, failure.Body, cancellationToken).AsTask().WaitAsync(Patience, cancellationToken);
    }

    private async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await BrokerConnection.OpenAsync(options, patience.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{options.Host}:{options.Port} has not answered within {Patience.TotalSeconds:0} seconds.", exception);
        }
    }

    private static string? TextOf(IDictionary<string, object?>? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out var value) && value is byte[] text ? Encoding.UTF8.GetString(text) : null;
}
