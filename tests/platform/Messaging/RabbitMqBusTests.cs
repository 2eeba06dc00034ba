using System.Globalization;
using System.Text.Json;
using Assay.Platform.Messaging;
using MassTransit;
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
        var queue = queues.RootElement.EnumerateArray().Single(one => one.GetProperty("name").GetString() == BusHost.Stage);
        queue.GetProperty("durable").GetBoolean().ShouldBeTrue();
        var arguments = queue.GetProperty("arguments");
        arguments.GetProperty("x-queue-type").GetString().ShouldBe("quorum");
        arguments.GetProperty("x-delivery-limit").GetInt32().ShouldBe(20);
        arguments.GetProperty("x-overflow").GetString().ShouldBe("reject-publish");
        arguments.GetProperty("x-dead-letter-exchange").GetString().ShouldBe(BusRegistration.DeadLetterQueue);
        arguments.GetProperty("x-dead-letter-strategy").GetString().ShouldBe("at-least-once");
        queues.RootElement.EnumerateArray().Single(one => one.GetProperty("name").GetString() == BusRegistration.DeadLetterQueue)
            .GetProperty("arguments").GetProperty("x-queue-type").GetString().ShouldBe("quorum");
    }

    [Fact]
    public async Task An_event_that_no_queue_wants_is_a_failure_and_no_silent_loss()
    {
        await using var bus = await StartAsync((_, _) => Task.CompletedTask, hasStage: false);
        var image = await bus.IngestAsync("a.jpg");
        await Should.ThrowAsync<MessageReturnedException>(() => bus.PublishAsync(image));
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

    protected override Task ShouldLeaveNothingAsync()
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

    protected override Task ShouldPutAsideAsync(string queue) => Eventually.HoldsAsync($"{queue} holds the message", async () =>
    {
        using var queues = await QueuesAsync();
        return queues.RootElement.EnumerateArray().Sum(MessagesIn) == 1
            && queues.RootElement.EnumerateArray().Any(one => one.GetProperty("name").GetString() == queue && MessagesIn(one) == 1);
    });

    // Not known in the first seconds of a queue's life.
    private static int MessagesIn(JsonElement queue) => queue.TryGetProperty("messages", out var messages) ? messages.GetInt32() : -1;

    private async Task<JsonDocument> QueuesAsync() =>
        JsonDocument.Parse(await Servers.AdministerAsync(HttpMethod.Get, $"api/queues/{broker!.Value.VirtualHost}"));
}
