using System.Runtime.CompilerServices;
using Assay.Contracts;
using Assay.Platform.Hosting;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.RetryPolicies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Assay.Platform.Messaging;

/// <summary>The bus's switch: the only place that knows which buses there are.</summary>
public static class BusRegistration
{
    // RabbitMQ 4 drops a quorum queue's message after 20 deliveries unless told where to put it.
    private const int DeliveryLimit = 20;

    // Behind the last queue there is no other. RabbitMQ 3 knows no word for "unlimited".
    private const int NoLimit = 1_000_000_000;

    // A connection that is still there and through which nothing comes is given up after three to four of them, and must be back within a minute. RabbitMQ advises 5 to 20 seconds.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    // After a broker has come back everything must move again within 30 seconds.
    private static readonly TimeSpan LongestReconnectPause = TimeSpan.FromSeconds(5);

    /// <summary>Where the broker puts messages that came back too often. The steward takes them from there.</summary>
    public const string DeadLetterQueue = "dead-letter";

    /// <summary>The arguments of a queue, which cannot be changed once it is there.</summary>
    public static IReadOnlyDictionary<string, object?> ArgumentsOf(string queue) => queue == DeadLetterQueue
        ? new Dictionary<string, object?> { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = NoLimit }
        : new Dictionary<string, object?>
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = DeliveryLimit,
            ["x-overflow"] = "reject-publish",
            ["x-dead-letter-strategy"] = "at-least-once",
            ["x-dead-letter-exchange"] = DeadLetterQueue,
        };

    /// <summary>Registers the bus with the consumers of <paramref name="stages"/>.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="options">Which bus.</param>
    /// <param name="stages">Whose consumers.</param>
    /// <param name="topologyOnly">Whether starting the bus only makes exchanges, queues and bindings, and consumes nothing. Default false.</param>
    public static IServiceCollection AddMessageBus(this IServiceCollection services, BusOptions options, IReadOnlyList<IStage> stages, bool topologyOnly = false)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.Configure<MassTransitHostOptions>(host =>
        {
            host.WaitUntilStarted = false;
            host.ConsumerStopTimeout = TimeSpan.FromSeconds(20);
            host.StopTimeout = TimeSpan.FromSeconds(22);
        });
        return services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            foreach (var stage in stages)
                stage.AddConsumers(bus);
            bus.AddConfigureEndpointsCallback((context, name, endpoint) => ConfigureEndpoint(context, name, endpoint, options));
            switch (options.Kind)
            {
                case BusKind.RabbitMq:
                    bus.UsingRabbitMq((context, rabbit) => ConfigureRabbitMq(context, rabbit, options, topologyOnly));
                    break;
                case BusKind.InMemory:
                    bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(options), options.Kind, "No such bus.");
            }
        });
    }

    /// <summary>Adds a stage's consumer, with a queue for what comes fresh and, on a broker, another for bulk work.</summary>
    public static void AddStageConsumer<T>(this IBusRegistrationConfigurator bus, string stage) where T : class, IConsumer
    {
        bus.AddConsumer<T>().Endpoint(endpoint => endpoint.Name = stage);
        bus.AddSingleton(new StageConsumer(stage, typeof(T)));
    }

    private static void ConfigureRabbitMq(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, BusOptions options, bool topologyOnly)
    {
        ReconnectSoon(rabbit);
        rabbit.DeployTopologyOnly = topologyOnly;
        rabbit.Host(options.Host, options.Port, options.VirtualHost, host =>
        {
            host.Username(options.User);
            host.CredentialsProvider = new BrokerCredentials(options);
            host.PublisherConfirmation = true;
            host.Heartbeat(Heartbeat);
            if (options.Tls)
                host.UseSsl(tls => tls.ServerName = options.Host);
        });
        RequireQueue<ObjectLanded>(rabbit);
        RequireQueue<ImageIngested>(rabbit);
        RequireQueue<ImageCleansed>(rabbit);
        RequireQueue<ImageEnriched>(rabbit);
        rabbit.ConfigureEndpoints(context);
        ConfigureBulkEndpoints(context, rabbit, options);
    }

    // MassTransit lets up to 38 seconds pass between two attempts at a broker that was away for a minute or two (ExponentialRetryPolicy of RabbitMqHostConfiguration, 30 seconds and a quarter),
    // and has no setting for it. Where a later version names these fields otherwise every start fails and says so.
    private static void ReconnectSoon(IRabbitMqBusFactoryConfigurator rabbit)
    {
        var pauses = IntervalsOf((ExponentialRetryPolicy)HostOf((RabbitMqBusFactoryConfigurator)rabbit).ReceiveTransportRetryPolicy);
        for (var i = 0; i < pauses.Length; i++)
            pauses[i] = pauses[i] < LongestReconnectPause ? pauses[i] : LongestReconnectPause;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_hostConfiguration")]
    private static extern ref IRabbitMqHostConfiguration HostOf(RabbitMqBusFactoryConfigurator configurator);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_intervals")]
    private static extern ref TimeSpan[] IntervalsOf(ExponentialRetryPolicy policy);

    // A broker confirms a message that no queue wants, too. Between stages that would be a silent loss: publishing and sending must fail instead.
    private static void RequireQueue<T>(IRabbitMqBusFactoryConfigurator rabbit) where T : class
    {
        rabbit.ConfigurePublish(pipe => pipe.AddPipeSpecification(new DelegatePipeSpecification<PublishContext<T>>(RequireQueue)));
        rabbit.ConfigureSend(pipe => pipe.AddPipeSpecification(new DelegatePipeSpecification<SendContext<T>>(RequireQueue)));
    }

    private static void RequireQueue(PipeContext message)
    {
        if (message.TryGetPayload(out RabbitMqSendContext? send))
            send.Mandatory = true;
    }

    // Not bound to what is published: bulk messages are sent here, or moved here by the stage's own queue.
    private static void ConfigureBulkEndpoints(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, BusOptions options)
    {
        foreach (var (stage, consumer) in context.GetServices<StageConsumer>())
        {
            rabbit.ReceiveEndpoint(Lane.BulkQueueOf(stage), endpoint =>
            {
                endpoint.ConfigureConsumeTopology = false;
                ConfigureEndpoint(context, Lane.BulkQueueOf(stage), endpoint, options);
                endpoint.ConfigureConsumer(context, consumer);
            });
        }
    }

    /// <summary>How many messages of a queue one process has in hand at most: four for each image that it works on at a time.</summary>
    public static int PrefetchOf(string queueName, BusOptions options) => 4 * ConcurrencyOf(queueName, options);

    private static int ConcurrencyOf(string queueName, BusOptions options)
    {
        var concurrency = options.Concurrency > 0 ? options.Concurrency : Environment.ProcessorCount;
        return Lane.StageOf(queueName) == queueName ? concurrency
            : options.BulkConcurrency > 0 ? options.BulkConcurrency
            : Math.Max(1, concurrency / 2);
    }

    private static void ConfigureEndpoint(IRegistrationContext context, string queueName, IReceiveEndpointConfigurator endpoint, BusOptions options)
    {
        endpoint.ConcurrentMessageLimit = ConcurrencyOf(queueName, options);
        endpoint.PrefetchCount = PrefetchOf(queueName, options);
        if (endpoint is IRabbitMqReceiveEndpointConfigurator queue)
        {
            foreach (var (name, value) in ArgumentsOf(queueName))
                queue.SetQueueArgument(name, value);
            queue.BindDeadLetterQueue(DeadLetterQueue, DeadLetterQueue, dead =>
            {
                foreach (var (name, value) in ArgumentsOf(DeadLetterQueue))
                    dead.SetQueueArgument(name, value);
            });
            if (context.GetServices<StageConsumer>().Any(stage => stage.Stage == queueName))
                endpoint.UseConsumeFilter(typeof(MoveBulkToItsQueue<>), context);
        }
        var failures = ActivatorUtilities.CreateInstance<KeepFailures>(context);
        endpoint.ConfigureError(pipe => pipe.UseFilter(failures));
        endpoint.ConfigureDeadLetter(pipe => pipe.UseFilter(failures));
        endpoint.UseRetries();
        endpoint.UseNamesOfMissingQueues();
        endpoint.UseDetachedTraces();
        endpoint.UseInMemoryOutbox(context);
        // What only watches is no part of an image's way.
        if (context.GetServices<StageConsumer>().Any(stage => stage.Stage == Lane.StageOf(queueName)))
            endpoint.UseConsumeFilter(typeof(TellOfImages<>), context);
        endpoint.UseConsumeFilter(typeof(RejectInvalidImages<>), context, types => types.Include(type => type.IsAssignableTo(typeof(IImageEvent))));
    }

    private sealed record StageConsumer(string Stage, Type Consumer);
}
