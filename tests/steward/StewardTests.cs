using System.Text.Json;
using Assay.Tests.Distributed;
using RabbitMQ.Client;
using Shouldly;
using Xunit;

namespace Assay.Tests.Steward;

/// <summary>What was lost, failed or came back too often goes on its way again.</summary>
public sealed class StewardTests
{
    private static readonly (string, string)[] Quick =
        [("ASSAY_STEWARD__INTERVAL", "00:00:00.500"), ("ASSAY_STEWARD__OVERDUE", "00:00:03"), ("ASSAY_STEWARD__FIRSTPAUSE", "00:00:02")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("preprocess", "Assay.Ingest")]
    [InlineData("enrich", "Assay.Ingest", "Assay.Preprocess")]
    [InlineData("classify", "Assay.Ingest", "Assay.Preprocess", "Assay.Enrich")]
    public async Task An_image_whose_event_was_lost_is_announced_again_and_classified(string stage, params string[] before)
    {
        await using var deployment = await NewAsync();
        foreach (var service in before)
            await deployment.StartAsync(service);
        await DropAsync(deployment, "lost.png");
        await WaitInAsync(deployment, stage);
        await Servers.AdministerAsync(HttpMethod.Delete, $"api/queues/{deployment.Broker.VirtualHost}/{stage}/contents");

        await deployment.StartAsync("Assay.Steward", Quick);
        await StartRestAsync(deployment);
        await deployment.AllEndAsync(1);

        await deployment.ShouldHaveClassifiedOnceAsync(1);
        (await deployment.QueryAsync("SELECT stage FROM redrives")).ShouldContain(row => (string)row[0]! == stage);
        (await deployment.CountAsync("COUNT(*) FROM open_failures")).ShouldBe(0);
    }

    [Fact]
    public async Task An_image_of_bulk_work_is_announced_again_as_bulk_work()
    {
        await using var deployment = await NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__BULK"] = "true";
        await deployment.StartAsync("Assay.Ingest");
        await DropAsync(deployment, "old.png");
        await WaitInAsync(deployment, "preprocess");
        await Servers.AdministerAsync(HttpMethod.Delete, $"api/queues/{deployment.Broker.VirtualHost}/preprocess/contents");
        await deployment.StartAsync("Assay.Steward", Quick);
        await using var connection = await ConnectAsync(deployment);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
        var message = await Eventually.GetAsync("it is announced again", () => channel.BasicGetAsync("preprocess", autoAck: true, Token), details: deployment.Logs);
        message.BasicProperties.Headers.ShouldNotBeNull().Keys.ShouldContain("Assay-Bulk");
    }

    [Fact]
    public async Task Bulk_work_that_was_handed_over_comes_back_as_bulk_work()
    {
        await using var deployment = await NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__BULK"] = "true";
        await deployment.StartAsync("Assay.Ingest");
        await DropAsync(deployment, "old.png");
        await WaitInAsync(deployment, "preprocess");
        var steward = await deployment.StartAsync("Assay.Steward", [.. Quick, ("ASSAY_STEWARD__TRIES", "1"), ("ASSAY_STEWARD__FIRSTPAUSE", "01:00:00")]);
        await Eventually.HoldsAsync("it is handed over", async () => await deployment.CountAsync("COUNT(*) FROM open_failures") == 1, details: deployment.Logs);
        await steward.StopAsync(TimeSpan.FromSeconds(30));
        await Servers.AdministerAsync(HttpMethod.Delete, $"api/queues/{deployment.Broker.VirtualHost}/preprocess/contents");

        await RunAsync(deployment, "failures", "replay", "--deployed", "--group", "preprocess/overdue/png");
        await using (var connection = await ConnectAsync(deployment))
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: Token))
        {
            // Whoever only looks gives it back.
            var message = await Eventually.GetAsync("it is replayed", () => channel.BasicGetAsync("preprocess", autoAck: false, Token), details: deployment.Logs);
            JsonDocument.Parse(message.Body).RootElement.GetProperty("headers").EnumerateObject().Select(header => header.Name).ShouldBe(["Assay-Again", "Assay-Bulk"], ignoreOrder: true);
        }
        await StartRestAsync(deployment);
        await deployment.AllEndAsync(1);
        await deployment.ShouldHaveClassifiedOnceAsync(1);
    }

    [Fact]
    public async Task A_stage_that_fails_for_a_while_keeps_the_message_and_gets_it_again()
    {
        await using var deployment = await NewAsync();
        await deployment.StartAsync("Assay.Ingest");
        var preprocess = await deployment.StartAsync("Assay.Preprocess");
        await DropAsync(deployment, "damaged.png");
        await WaitInAsync(deployment, "enrich");
        await preprocess.StopAsync(TimeSpan.FromSeconds(30));
        var (bucket, key) = ((string)(await deployment.QueryAsync("SELECT silver_bucket FROM cleansed"))[0][0]!, (string)(await deployment.QueryAsync("SELECT silver_key FROM cleansed"))[0][0]!);
        var silver = await deployment.Objects.ReadAsync(bucket, key, null, async (stream, token) =>
        {
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, token);
            return bytes.ToArray();
        }, Token);
        await WriteAsync(deployment, bucket, key, [1, 2, 3]);

        await Task.WhenAll(deployment.StartAsync("Assay.Enrich"), deployment.StartAsync("Assay.Classify"), deployment.StartAsync("Assay.Steward", [.. Quick, ("ASSAY_STEWARD__OVERDUE", "01:00:00")]));
        await Eventually.HoldsAsync("it has failed twice", async () => await deployment.CountAsync("COUNT(*) FROM failures") >= 2, details: deployment.Logs);
        var listed = await RunAsync(deployment, "failures", "--deployed");
        await WriteAsync(deployment, bucket, key, silver);
        await deployment.AllEndAsync(1);

        await deployment.ShouldHaveClassifiedOnceAsync(1);
        // What has failed stays on record, all of it one message's.
        (await deployment.CountAsync("COUNT(DISTINCT series) FROM failures")).ShouldBe(1);
        (await deployment.CountAsync("COUNT(*) FROM failures WHERE stage = 'enrich' AND exception = 'InvalidDataException' AND format = 'image/png'")).ShouldBeGreaterThan(1);
        listed.ExitCode.ShouldBe(0, listed.Error);
        if (listed.Output != "Nothing failed and waits.\n")
        {
            listed.OutputLines[0].ShouldBe("enrich/InvalidDataException/image/png");
            listed.OutputLines[2].ShouldStartWith("  the steward gives 1 back by itself, the next after ");
        }
        (await RunAsync(deployment, "failures", "--deployed")).Output.ShouldBe("Nothing failed and waits.\n");
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_is_kept_listed_and_replayed()
    {
        await using var deployment = await NewAsync();
        await deployment.StartAsync("Assay.Ingest");
        await deployment.StartAsync("Assay.Steward", Quick);
        await deployment.PublishEventAsync("\0 no JSON");
        await Eventually.HoldsAsync("it is kept", async () => await deployment.CountAsync("COUNT(*) FROM open_failures") == 1, details: deployment.Logs);

        var listed = await RunAsync(deployment, "failures", "--deployed", "--json");
        listed.OutputLines.ShouldHaveSingleItem().ShouldContain("\"stage\":\"s3-events\"");
        var group = System.Text.Json.JsonDocument.Parse(listed.Output).RootElement.GetProperty("group").GetString()!;
        var lines = (await RunAsync(deployment, "failures", "--deployed")).OutputLines;
        lines[0].ShouldBe(group);
        lines[2].ShouldBe("  not tried again by itself: it waits for a person");
        (await RunAsync(deployment, "status", "--deployed")).OutputLines[^1].ShouldBe("1 message has failed and waits: assay failures --deployed");
        // Trying again does not make it readable: it does not happen by itself.
        (await deployment.CountAsync("COUNT(*) FROM replays")).ShouldBe(0);
        var replayed = await RunAsync(deployment, "failures", "replay", "--deployed", "--group", group, "--canary", "1");
        replayed.ExitCode.ShouldBe(1, replayed.Error);
        replayed.Output.ShouldBe("Given back: 1.\nOf 1: 0 ended, 1 failed again, 0 not yet known.\n");
        (await deployment.QueryAsync("SELECT attempt FROM failures ORDER BY attempt")).Select(row => (int)row[0]!).ShouldBe([1, 2]);
        (await deployment.CountAsync("COUNT(DISTINCT series) FROM failures")).ShouldBe(1);
        (await deployment.CountAsync("COUNT(*) FROM open_failures")).ShouldBe(1);
    }

    [Fact]
    public async Task A_message_that_came_back_too_often_is_taken_from_the_dead_letters_and_finished()
    {
        await using var deployment = await NewAsync();
        await deployment.StartAsync("Assay.Ingest");
        await DropAsync(deployment, "held.png");
        await WaitInAsync(deployment, "preprocess");
        await using (var connection = await ConnectAsync(deployment))
        {
            await Eventually.HoldsAsync("the broker puts it aside", async () =>
            {
                await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
                await channel.BasicGetAsync("preprocess", autoAck: false, Token);
                return await channel.MessageCountAsync("dead-letter", Token) == 1;
            });
        }

        await deployment.StartAsync("Assay.Steward", [.. Quick, ("ASSAY_STEWARD__OVERDUE", "01:00:00")]);
        await StartRestAsync(deployment);
        await deployment.AllEndAsync(1);

        await deployment.ShouldHaveClassifiedOnceAsync(1);
        (await deployment.QueryAsync("SELECT exception, stage FROM failures")).ShouldHaveSingleItem().ShouldBe(["delivery-limit", "preprocess"]);
    }

    [Fact]
    public async Task An_image_that_does_not_get_through_is_handed_over_and_can_be_replayed()
    {
        await using var deployment = await NewAsync();
        await deployment.StartAsync("Assay.Ingest");
        await DropAsync(deployment, "stuck.png");
        await WaitInAsync(deployment, "preprocess");
        var steward = await deployment.StartAsync("Assay.Steward", [.. Quick, ("ASSAY_STEWARD__OVERDUE", "00:00:01"), ("ASSAY_STEWARD__TRIES", "1")]);
        await Eventually.HoldsAsync("it is handed over", async () => await deployment.CountAsync("COUNT(*) FROM open_failures") == 1, details: deployment.Logs);
        (await deployment.QueryAsync("SELECT exception, stage, message, format FROM open_failures")).ShouldHaveSingleItem().ShouldBe(["overdue", "preprocess", "ImageIngested", "png"]);
        await Servers.AdministerAsync(HttpMethod.Delete, $"api/queues/{deployment.Broker.VirtualHost}/preprocess/contents");

        // So impatient a steward would hand it over again before the stages have come up.
        await steward.StopAsync(TimeSpan.FromSeconds(30));
        await StartRestAsync(deployment);
        var replayed = await RunAsync(deployment, "failures", "replay", "--deployed", "--group", "preprocess/overdue/png", "--canary", "10");

        replayed.ExitCode.ShouldBe(0, replayed.Error + deployment.Logs());
        replayed.Output.ShouldBe("Given back: 1.\nOf 1: 1 ended, 0 failed again, 0 not yet known.\n");
        await deployment.ShouldHaveClassifiedOnceAsync(1);
    }

    [Fact]
    public async Task Of_two_stewards_one_is_at_work_and_the_other_takes_over_when_it_dies()
    {
        await using var deployment = await NewAsync();
        var first = await deployment.StartAsync("Assay.Steward", Quick);
        await Eventually.HoldsAsync("the first is at work", () => first.ToString()!.Contains("This steward is at work", StringComparison.Ordinal), details: deployment.Logs);
        var second = await deployment.StartAsync("Assay.Steward", Quick);
        await Eventually.HoldsAsync("the second stands by", () => second.ToString()!.Contains("this one stands by", StringComparison.Ordinal), details: deployment.Logs);
        second.ToString()!.ShouldNotContain("This steward is at work");
        await first.KillAsync();
        await Eventually.HoldsAsync("the second is at work", () => second.ToString()!.Contains("This steward is at work", StringComparison.Ordinal), details: deployment.Logs);
        (await second.StopAsync(TimeSpan.FromSeconds(30))).ExitCode.ShouldBe(0, second.ToString());
    }

    [Fact]
    public async Task Dead_letters_of_every_kind_are_kept_and_none_holds_up_the_others_or_an_overdue_image()
    {
        await using var deployment = await NewAsync();
        await deployment.StartAsync("Assay.Ingest");
        await DropAsync(deployment, "lost.png");
        await WaitInAsync(deployment, "preprocess");
        await Servers.AdministerAsync(HttpMethod.Delete, $"api/queues/{deployment.Broker.VirtualHost}/preprocess/contents");
        (string Queue, string Body)[] letters =
        [
            ("preprocess", """{"messageType":["urn:message:Foo:Bar"],"message":{"mediaType":"a\u0000b"}}"""),
            ("preprocess", """{"messageType":["urn:message:Foo:Bar"],"message":{"mediaType":"\ud800"}}"""),
            ("a/b", "{}"), ("gone", "{}"), ("", "no JSON"), (new string('q', 240) + "\0", new string('[', 5000)),
        ];
        await using (var connection = await ConnectAsync(deployment))
        {
            await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Token);
            foreach (var (queue, body) in letters)
            {
                var properties = new BasicProperties { MessageId = Guid.NewGuid().ToString(), Headers = queue.Length == 0 ? null : new Dictionary<string, object?> { ["x-first-death-queue"] = queue } };
                await channel.BasicPublishAsync("", "dead-letter", mandatory: true, properties, System.Text.Encoding.UTF8.GetBytes(body), Token);
            }
        }

        await deployment.StartAsync("Assay.Steward", Quick);
        await StartRestAsync(deployment);
        await deployment.AllEndAsync(1);
        await Eventually.HoldsAsync("all are kept", async () => await deployment.CountAsync("COUNT(DISTINCT series) FROM failures") == letters.Length, details: deployment.Logs);
        await deployment.ShouldHaveClassifiedOnceAsync(1);
        (await deployment.CountAsync("COUNT(*) FROM failures WHERE NOT retryable AND queue = ''")).ShouldBe(1);
        var listed = await RunAsync(deployment, "failures", "--deployed", "--json");
        listed.ExitCode.ShouldBe(0, listed.Error);
        listed.Output.ShouldContain("a/b/delivery-limit/");
    }

    [Fact]
    public async Task A_message_that_fails_again_after_it_was_replayed_is_another_failure_of_the_same_series()
    {
        await using var deployment = await NewAsync();
        await deployment.StartAsync("Assay.Ingest");
        await deployment.PublishEventAsync("no JSON");
        await deployment.PublishEventAsync("no JSON");
        await Eventually.HoldsAsync("it is kept", async () => await deployment.CountAsync("COUNT(*) FROM open_failures") == 1, details: deployment.Logs);
        await Eventually.HoldsAsync("both are done", async () => (await deployment.QueuesAsync())["s3-events"] == 0, details: deployment.Logs);
        await deployment.QueryAsync("INSERT INTO replays (failure_id, replayed_by, replayed_at) SELECT id, 'operator', now() FROM failures");
        await deployment.PublishEventAsync("no JSON");
        await Eventually.HoldsAsync("it waits again", async () => await deployment.CountAsync("COUNT(*) FROM open_failures WHERE attempt = 2") == 1, details: deployment.Logs);
        (await deployment.CountAsync("COUNT(*) FROM failures")).ShouldBe(2);
    }

    [Fact]
    public async Task A_steward_that_cannot_do_its_work_leaves_it_to_another()
    {
        await using var deployment = await NewAsync();
        var first = await deployment.StartAsync("Assay.Steward", [.. Quick, ("ASSAY_BUS__PORT", "1")]);
        await Eventually.HoldsAsync("the first has failed", () => first.ToString()!.Contains("A part of a round failed", StringComparison.Ordinal), details: deployment.Logs);
        var second = await deployment.StartAsync("Assay.Steward", Quick);
        await Eventually.HoldsAsync("the second is at work", () => second.ToString()!.Contains("This steward is at work", StringComparison.Ordinal), details: deployment.Logs);
    }

    [Fact]
    public async Task A_steward_whose_connection_is_swallowed_is_missed_after_a_minute()
    {
        await using var deployment = await NewAsync();
        await using var door = new Door((deployment.Settings["ASSAY_CATALOG__HOST"], int.Parse(deployment.Settings["ASSAY_CATALOG__PORT"], System.Globalization.CultureInfo.InvariantCulture)));
        var first = await deployment.StartAsync("Assay.Steward", [.. Quick, ("ASSAY_CATALOG__PORT", door.Port.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        await Eventually.HoldsAsync("the first is at work", () => first.ToString()!.Contains("This steward is at work", StringComparison.Ordinal), details: deployment.Logs);
        var second = await deployment.StartAsync("Assay.Steward", Quick);
        await Eventually.HoldsAsync("the second stands by", () => second.ToString()!.Contains("this one stands by", StringComparison.Ordinal), details: deployment.Logs);
        door.Break(Fault.BlackHole);
        await first.KillAsync();
        await Eventually.HoldsAsync("the second is at work", () => second.ToString()!.Contains("This steward is at work", StringComparison.Ordinal), TimeSpan.FromMinutes(3), deployment.Logs);
    }

    private static async Task<Deployment> NewAsync()
    {
        var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "* * * * * *";
        await deployment.SetupAsync();
        return deployment;
    }

    private static Task<ServiceProcess[]> StartRestAsync(Deployment deployment) =>
        Task.WhenAll(deployment.StartAsync("Assay.Preprocess"), deployment.StartAsync("Assay.Enrich"), deployment.StartAsync("Assay.Classify"));

    private static async Task DropAsync(Deployment deployment, string key) =>
        await deployment.DropAsync(key, await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "samples", "chart-lines.png"), Token));

    private static Task WaitInAsync(Deployment deployment, string queue) => Eventually.HoldsAsync(
        $"it waits in {queue}", async () => (await deployment.QueuesAsync()).GetValueOrDefault(queue) == 1, details: deployment.Logs);

    private static async Task WriteAsync(Deployment deployment, string bucket, string key, byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        await deployment.Objects.WriteAsync(bucket, key, stream, bytes.Length, "image/jpeg", null, Token);
    }

    private static async Task<ProcessResult> RunAsync(Deployment deployment, params string[] arguments)
    {
        await using var process = AssayProcess.Start("assay", deployment.Settings, arguments);
        return await process.ExitAsync(TimeSpan.FromMinutes(3));
    }

    private static Task<IConnection> ConnectAsync(Deployment deployment) => new ConnectionFactory
    {
        HostName = deployment.Broker.Host,
        Port = deployment.Broker.Port,
        VirtualHost = deployment.Broker.VirtualHost,
        UserName = deployment.Broker.User,
        Password = deployment.Broker.Password,
    }.CreateConnectionAsync(Token);
}
