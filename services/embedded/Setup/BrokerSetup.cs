using System.Runtime.CompilerServices;
using Assay.Classify;
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
            await using var connection = await BrokerConnection.OpenAsync(options, patience.Token);
            IReadOnlyList<string> wanted = [.. EmbeddedHost.Stages.SelectMany(stage => new[] { stage.Name, Lane.BulkQueueOf(stage.Name) }), TranslateS3EventDefinition.Queue, ClassifyStage.ShadowQueue, BusRegistration.DeadLetterQueue];
            var missing = await MissingAsync(connection, wanted, patience.Token);

            // What cannot be made MassTransit tries again and again, and neither its start nor its stop has an end then: it is left to itself.
            await DeployAllAsync(options, ingest, patience.Token).WaitAsync(patience.Token);
            return missing;
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason is { ReplyCode: Constants.PreconditionFailed } reason)
        {
            throw new SetupFailedException(
                $"The broker {options.Host}:{options.Port} (virtual host {options.VirtualHost}) has a queue or exchange that was made otherwise: {reason.ReplyText}. Delete it once it is empty; setup makes it anew.",
                exception);
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

    private static async Task DeployAllAsync(BusOptions options, IngestOptions ingest, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(ingest).AddMessageBus(options, EmbeddedHost.Stages, topologyOnly: true);
        await using var provider = services.BuildServiceProvider();
        var bus = provider.GetRequiredService<IBusControl>();
        await bus.StartAsync(cancellationToken);
        await bus.StopAsync(cancellationToken);
    }

    private static async Task<IReadOnlyList<string>> MissingAsync(IConnection connection, IReadOnlyList<string> queues, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var queue in queues)
        {
            if (await connection.FindQueueAsync(queue, cancellationToken) is null)
            {
                missing.Add(queue);
                continue;
            }
            // It is there: then this only asks whether it was made as it must be. The broker's refusal names it.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await channel.QueueDeclareAsync(
                queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?>(BusRegistration.ArgumentsOf(queue)), cancellationToken: cancellationToken);
        }
        return missing;
    }
}
