using System.Globalization;
using System.Text;
using System.Text.Json;
using Assay.Contracts;
using Assay.Platform.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using RabbitMQ.Client;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform.Messaging;

public sealed class RabbitMqBusTests : BusSuite, IAsyncDisposable
{
    private Owned<RabbitMqServer>? broker;

    [Fact]
    public async Task Queues_survive_a_broker_and_keep_what_cannot_be_delivered()
    {
        await using var bus = await StartAsync((_, _) => Task.CompletedTask);
        using var queues = await QueuesAsync();
        var queue = QueueOf(queues, BusHost.Stage);
        queue.GetProperty("durable").GetBoolean().ShouldBeTrue();
        var arguments = queue.GetProperty("arguments");
        arguments.GetProperty("x-queue-type").GetString().ShouldBe("quorum");
        arguments.GetProperty("x-delivery-limit").GetInt32().ShouldBe(20);
        arguments.GetProperty("x-overflow").GetString().ShouldBe("reject-publish");
        arguments.GetProperty("x-dead-letter-exchange").GetString().ShouldBe(BusRegistration.DeadLetterQueue);
        arguments.GetProperty("x-dead-letter-strategy").GetString().ShouldBe("at-least-once");
        QueueOf(queues, BusRegistration.DeadLetterQueue).GetProperty("arguments").GetProperty("x-queue-type").GetString().ShouldBe("quorum");
    }

    [Fact]
    public async Task An_event_that_no_queue_wants_is_a_failure_and_no_silent_loss()
    {
        await using var bus = await StartAsync((_, _) => Task.CompletedTask, hasStage: false);
        var image = await bus.IngestAsync("a.jpg");
        var (size, now) = (new PixelSize(1, 1), DateTime.UtcNow);
        await Should.ThrowAsync<MessageReturnedException>(() => bus.PublishAsync(new ObjectLanded("landing", "landing", "a.jpg")));
        await Should.ThrowAsync<MessageReturnedException>(() => bus.PublishAsync(image));
        await Should.ThrowAsync<MessageReturnedException>(
            () => bus.PublishAsync(new ImageCleansed(image.ImageId, image.Origin, image.Bronze, "image/jpeg", size, image.Bronze, size, "recipe", now)));
        await Should.ThrowAsync<MessageReturnedException>(
            () => bus.PublishAsync(new ImageEnriched(image.ImageId, image.Origin, image.Bronze, image.Bronze, "key", "recipe", "1", now)));
    }

    [Fact]
    public async Task A_stage_whose_event_no_queue_wants_says_which_queue_is_missing_and_what_to_run()
    {
        await using var bus = await StartAsync((context, _) =>
        {
            var (image, size) = (context.Message, new PixelSize(1, 1));
            return context.PublishNextAsync(new ImageCleansed(image.ImageId, image.Origin, image.Bronze, "image/jpeg", size, image.Bronze, size, "recipe", DateTime.UtcNow));
        });
        await bus.PublishAsync(await bus.IngestAsync("a.jpg"));
        await Eventually.HoldsAsync("the message is kept", () => bus.WithCatalogAsync(catalog => catalog.Failures.AnyAsync(Token)));
        var failure = (await bus.WithCatalogAsync(catalog => catalog.Failures.AsNoTracking().ToListAsync(Token))).ShouldHaveSingleItem();
        failure.Exception.ShouldBe(nameof(QueueMissingException));
        failure.Detail.ShouldBe("The broker has no queue 'enrich' that takes what this stage announces: run 'assay setup', which makes it.");
    }

    // A message that takes its consumer down with it comes back each time; RabbitMQ would drop it in the end.
    [Fact]
    public async Task A_message_that_comes_back_too_often_is_kept()
    {
        await using (var bus = await StartAsync((_, _) => Task.CompletedTask))
        {
            // Only for its queues: who takes the message here never answers.
        }
        await using var connection = await ConnectAsync();
        await using (var publisher = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Token))
            await publisher.BasicPublishAsync("", BusHost.Stage, mandatory: true, "deadly"u8.ToArray(), Token);
        var deliveries = 0;
        await Eventually.HoldsAsync("the message is kept", async () =>
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
            if (await channel.BasicGetAsync(BusHost.Stage, autoAck: false, Token) is not null)
                deliveries++;
            return await channel.MessageCountAsync(BusRegistration.DeadLetterQueue, Token) == 1;
        });
        deliveries.ShouldBe(21);
        (await PeekAsync(BusRegistration.DeadLetterQueue)).ShouldBe("deadly");
    }

    [Fact]
    public async Task A_connection_that_breaks_is_made_again_and_loses_nothing()
    {
        await using var bus = await StartAsync((_, _) => Task.CompletedTask);
        var before = await Eventually.GetAsync("the broker knows the connections", async () => await ConnectionsAsync() is { Length: > 0 } some ? some : null);
        foreach (var connection in before)
            await Servers.AdministerAsync(HttpMethod.Delete, $"api/connections/{Uri.EscapeDataString(connection)}");
        var image = await bus.IngestAsync("a.jpg");
        // What is published while there is no connection waits for one. What was on its way when the connection broke may never be confirmed: whoever waits gives up
        // and, as on redelivery, publishes again.
        await Eventually.HoldsAsync("the broker has the image", async () =>
        {
            try
            {
                await bus.PublishAsync(image).WaitAsync(TimeSpan.FromSeconds(20), Token);
                return true;
            }
            catch (TimeoutException)
            {
                return false;
            }
        }, TimeSpan.FromMinutes(2));
        await Eventually.HoldsAsync("the stage has worked on the image", () => bus.Script.Done.Contains(image.ImageId));
        await ShouldLeaveNothingAsync(bus);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => broker?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task<IReadOnlyDictionary<string, string?>> CreateAsync()
    {
        broker = await Servers.NewVirtualHostAsync();
        return new Dictionary<string, string?>
        {
            ["Bus:Host"] = broker.Value.Host,
            ["Bus:Port"] = broker.Value.Port.ToString(CultureInfo.InvariantCulture),
            ["Bus:VirtualHost"] = broker.Value.VirtualHost,
            ["Bus:User"] = broker.Value.User,
            ["Bus:Password"] = broker.Value.Password,
        };
    }

    private protected override Task ShouldLeaveNothingAsync(BusHost bus)
    {
        var seen = "";
        return Eventually.HoldsAsync(
            "all queues are empty",
            async () =>
            {
                using var queues = await QueuesAsync();
                seen = string.Join(", ", queues.RootElement.EnumerateArray().Select(queue => $"{queue.GetProperty("name")}: {MessagesIn(queue)}"));
                return queues.RootElement.EnumerateArray().All(queue => MessagesIn(queue) == 0);
            },
            details: () => seen);
    }

    // Not known in the first seconds of a queue's life.
    private static int MessagesIn(JsonElement queue) => queue.TryGetProperty("messages", out var messages) ? messages.GetInt32() : -1;

    private static JsonElement QueueOf(JsonDocument queues, string name) =>
        queues.RootElement.EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);

    private async Task<string[]> ConnectionsAsync()
    {
        using var connections = JsonDocument.Parse(await Servers.AdministerAsync(HttpMethod.Get, $"api/vhosts/{broker!.Value.VirtualHost}/connections"));
        return [.. connections.RootElement.EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];
    }

    private Task<IConnection> ConnectAsync() => new ConnectionFactory
    {
        HostName = broker!.Value.Host,
        Port = broker.Value.Port,
        VirtualHost = broker.Value.VirtualHost,
        UserName = broker.Value.User,
        Password = broker.Value.Password,
    }.CreateConnectionAsync(Token);

    // Looks at a queue's first message and leaves it there.
    private async Task<string> PeekAsync(string queue)
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
        var message = await channel.BasicGetAsync(queue, autoAck: false, Token);
        return Encoding.UTF8.GetString(message.ShouldNotBeNull().Body.Span);
    }

    private async Task<JsonDocument> QueuesAsync() =>
        JsonDocument.Parse(await Servers.AdministerAsync(HttpMethod.Get, $"api/queues/{broker!.Value.VirtualHost}"));
}
