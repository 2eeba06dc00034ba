using System.Runtime.CompilerServices;
using Assay.Ingest;
using Assay.Platform.Messaging;
using MassTransit;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Assay.Embedded.Setup;

/// <summary>Makes exchanges, queues and bindings, so that nothing is published into the void before every stage has run once.</summary>
internal static class BrokerSetup
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async IAsyncEnumerable<string> DeployAsync(BusOptions options, IngestOptions ingest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (options.Kind != BusKind.RabbitMq)
            yield break;
        foreach (var queue in await DeployNewAsync(options, ingest, cancellationToken))
            yield return $"broker: made queue {queue}";
    }

    private static async Task<IReadOnlyList<string>> DeployNewAsync(BusOptions options, IngestOptions ingest, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            // The client has no end for a server that takes a connection and then says nothing.
            await using var connection = await ConnectAsync(options, patience.Token).WaitAsync(patience.Token);
            var services = new ServiceCollection().AddLogging().AddSingleton(ingest).AddMessageBus(options, EmbeddedHost.Stages, topologyOnly: true);
            await using var provider = services.BuildServiceProvider();
            IReadOnlyList<string> wanted = [.. EmbeddedHost.Stages.SelectMany(stage => new[] { stage.Name, Lane.BulkQueueOf(stage.Name) }), TranslateS3EventDefinition.Queue, BusRegistration.DeadLetterQueue];
            var missing = await MissingAsync(connection, wanted, patience.Token);

            var bus = provider.GetRequiredService<IBusControl>();
            await bus.StartAsync(patience.Token);
            await bus.StopAsync(cancellationToken);
            return missing;
        }
        catch (Exception exception) when (exception is BrokerUnreachableException or RabbitMQClientException or RabbitMqConnectionException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var cause = exception.GetBaseException();
            var reason = cause is OperationCanceledException ? $"it has not answered within {Patience.TotalSeconds:0} seconds." : cause.Message;
            throw new SetupFailedException(
                $"The broker {options.Host}:{options.Port} (virtual host {options.VirtualHost}, user {options.User}) cannot be prepared: {reason}", exception);
        }
    }

    private static Task<IConnection> ConnectAsync(BusOptions options, CancellationToken cancellationToken) => new ConnectionFactory
    {
        HostName = options.Host,
        Port = options.Port,
        VirtualHost = options.VirtualHost,
        UserName = options.User,
        Password = options.Password,
        Ssl = new SslOption(options.Host, enabled: options.Tls),
    }.CreateConnectionAsync(cancellationToken);

    private static async Task<IReadOnlyList<string>> MissingAsync(IConnection connection, IReadOnlyList<string> queues, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var queue in queues)
        {
            // A channel does not survive asking for a queue that is not there.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            try
            {
                await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
            }
            catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                missing.Add(queue);
            }
        }
        return missing;
    }
}
