using MassTransit;

namespace Assay.Ingest;

/// <summary>Turns an S3 server's notification into one hint per object, so that each object is taken in, and retried, on its own.</summary>
public sealed partial class TranslateS3EventConsumer(LandingZone landing, ILogger<TranslateS3EventConsumer> log) : IConsumer<S3Event>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<S3Event> context)
    {
        foreach (var (bucket, key) in context.Message.CreatedObjects())
        {
            if (landing.SourceOf(bucket, key) is { } source)
                await context.HintAsync(source, key, context.CancellationToken);
            else
                LogForeign(bucket, key);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Bucket}/{Key} belongs to no configured source")]
    private partial void LogForeign(string bucket, string key);
}

/// <summary>The endpoint of <see cref="TranslateS3EventConsumer"/>: raw JSON from an exchange that the S3 server publishes to.</summary>
public sealed class TranslateS3EventDefinition : ConsumerDefinition<TranslateS3EventConsumer>
{
    /// <summary>The queue that an S3 server's notifications wait in.</summary>
    public const string Queue = "s3-events";

    private readonly IngestOptions options;

    /// <summary>Names the queue.</summary>
    public TranslateS3EventDefinition(IngestOptions options)
    {
        this.options = options;
        EndpointName = Queue;
    }

    /// <inheritdoc/>
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TranslateS3EventConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.ConfigureConsumeTopology = false;
        endpointConfigurator.UseRawJsonDeserializer(RawSerializerOptions.AnyMessageType, isDefault: true);
        if (endpointConfigurator is IRabbitMqReceiveEndpointConfigurator queue)
        {
            queue.Bind(options.EventExchange, exchange =>
            {
                exchange.ExchangeType = "topic";
                exchange.Durable = true;
                exchange.RoutingKey = "#";
            });
        }
    }
}
