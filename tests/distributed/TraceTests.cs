using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Assay.Contracts;
using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>What the services tell of an image to whoever watches.</summary>
public sealed class TraceTests(ITestOutputHelper log)
{
    /// <summary>Dashboards and alerts stand on these names: none may change.</summary>
    internal static readonly string[] Metrics =
    [
        "assay_images_total", "assay_stage_duration_seconds_bucket", "assay_image_latency_seconds_bucket", "assay_queue_age_seconds_bucket", "assay_queue_depth", "assay_ledger_difference", "assay_ledger_images",
        "assay_ledger_in_flight", "assay_ledger_oldest_in_flight_seconds", "assay_decode_cpu_seconds_total", "assay_objects_bytes_total", "assay_uploads_total", "assay_scans_total",
        "assay_model_duration_seconds_bucket", "assay_model_confidence_bucket", "assay_models_loaded", "assay_steward_redrives_total", "assay_failures_open", "assay_review_backlog",
    ];

    private static readonly string[] Stages = ["ingest", "preprocess", "enrich", "classify"];

    // Of each service the work that must be seen; "database" stands for any span of its client.
    private static readonly (string Service, string[] Spans)[] Work =
    [
        ("assay-ingest", ["object read", "object write", "database"]),
        ("assay-preprocess", ["object read", "decode", "resize", "encode", "object write", "database"]),
        ("assay-enrich", ["object read", "object copy", "object write", "database"]),
        ("assay-classify", ["object read", "inference", "object write", "database"]),
    ];

    private static readonly (string, string)[] Quick =
        [("ASSAY_STEWARD__INTERVAL", "00:00:00.500"), ("ASSAY_STEWARD__OVERDUE", "00:00:01"), ("ASSAY_STEWARD__TRIES", "1"), ("ASSAY_STEWARD__FIRSTPAUSE", "01:00:00")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OtlpReceiver.Http)]
    [InlineData(OtlpReceiver.Grpc)]
    public async Task An_upload_and_all_stages_are_one_trace_and_its_lines_in_the_log_name_it(string protocol)
    {
        await using var receiver = await OtlpReceiver.StartAsync(protocol);
        await using var deployment = await NewAsync(receiver);
        // One hint only: of a second one there may be a second line. Should it come too late, a scan finds the upload when a first one would long have been followed.
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = $"{(DateTime.UtcNow.Second + 50) % 60} * * * * *";
        var services = await deployment.StartAllAsync();
        var (traceId, parentId) = NewTrace();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/images?name=on-holiday.png", UriKind.Relative)) { Content = new ByteArrayContent(await PictureAsync()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        request.Headers.Add("traceparent", $"00-{traceId}-{parentId}-01");
        using var response = await services[0].Http.SendAsync(request, Token);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted, deployment.Logs());
        var id = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("id").GetString()!;
        await deployment.AllEndAsync(1);

        await ShouldBeCompleteAsync(receiver, deployment, traceId, id, parentId);
        log.WriteLine(Tree(receiver, traceId));
        await Eventually.HoldsAsync("every stage has said so", () => Stages.All(stage => Lines(receiver, id, stage).Length > 0), details: () => string.Join('\n', receiver.Lines));
        foreach (var stage in Stages)
            Lines(receiver, id, stage).ShouldHaveSingleItem().ShouldSatisfyAllConditions(line => line.TraceId.ShouldBe(traceId), line => line.Attributes["assay.image.id"].ShouldBe(id));
        (await deployment.QueryAsync("SELECT trace_id FROM predictions")).ShouldHaveSingleItem()[0].ShouldBe(traceId);
        await Eventually.HoldsAsync("metrics come, too", () => receiver.HasMetrics);
        // Neither a secret nor what the uploader calls the picture.
        receiver.Everything.ShouldNotContain(Servers.S3().SecretKey);
        receiver.Everything.ShouldNotContain("on-holiday");
    }

    [Fact]
    public async Task An_object_that_names_a_trace_goes_on_in_it()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var deployment = await NewAsync(receiver);
        await deployment.StartAllAsync();
        var (traceId, parentId) = NewTrace();
        await deployment.DropAsync("named.png", await PictureAsync(), new() { ["traceparent"] = $"00-{traceId}-{parentId}-01" });
        // What is no traceparent begins a trace of its own, and harms nothing.
        await deployment.DropAsync("nonsense.png", await PictureAsync("chart-pie.png"), new() { ["traceparent"] = new string('x', 55) });
        await deployment.AllEndAsync(2);

        await ShouldBeCompleteAsync(receiver, deployment, traceId, await IdOfAsync(deployment, "named.png"), parentId);
        await ShouldBeCompleteAsync(receiver, deployment, await TraceOfAsync(deployment, "nonsense.png"), await IdOfAsync(deployment, "nonsense.png"), parentId: "");
        (await TraceOfAsync(deployment, "nonsense.png")).ShouldNotBe(traceId);
    }

    [Fact]
    public async Task What_the_steward_announces_again_joins_the_trace_and_what_is_replayed_links_to_it()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var deployment = await NewAsync(receiver);
        await deployment.StartAsync("Assay.Ingest");
        await deployment.DropAsync("lost.png", await PictureAsync());
        await WaitInAsync(deployment, "preprocess");
        await PurgeAsync(deployment, "preprocess");
        var steward = await deployment.StartAsync("Assay.Steward", Quick);
        await Eventually.HoldsAsync("it is handed over", async () => await deployment.CountAsync("COUNT(*) FROM open_failures") == 1, details: deployment.Logs);
        await steward.StopAsync(TimeSpan.FromSeconds(30));

        var first = await TraceOfAsync(deployment, "lost.png");
        await Eventually.HoldsAsync("the steward is part of the trace", () => receiver.Spans.Any(span => span.Service == "assay-steward" && span.TraceId == first), details: () => Tree(receiver, first));
        await PurgeAsync(deployment, "preprocess");
        await Task.WhenAll(deployment.StartAsync("Assay.Preprocess"), deployment.StartAsync("Assay.Enrich"), deployment.StartAsync("Assay.Classify"));
        await using var replay = AssayProcess.Start("assay", deployment.Settings, "failures", "replay", "--deployed", "--group", "preprocess/overdue/png");
        (await replay.ExitAsync(TimeSpan.FromMinutes(2))).ExitCode.ShouldBe(0, replay.ToString());
        await deployment.AllEndAsync(1);

        var linked = await Eventually.GetAsync("a trace is linked to the first", () => Task.FromResult(
            receiver.Spans.FirstOrDefault(span => span.Service == "assay-preprocess" && span.LinkedTraces.Contains(first))), details: deployment.Logs);
        linked.TraceId.ShouldNotBe(first);
        await Eventually.HoldsAsync("the rest of its way is in that trace", () => receiver.Spans.Any(span => span.Service == "assay-classify" && span.TraceId == linked.TraceId), details: () => Tree(receiver, linked.TraceId));
    }

    [Fact]
    public async Task An_attempt_that_broke_off_stays_in_the_trace_and_what_was_rejected_says_why()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var deployment = await NewAsync(receiver);
        var (retried, rejected) = (NewTrace(), NewTrace());
        await Task.WhenAll(deployment.StartAsync("Assay.Ingest"), deployment.StartAsync("Assay.Enrich"), deployment.StartAsync("Assay.Classify"));
        await using var door = deployment.DoorTo("ASSAY_OBJECTS__ENDPOINT");
        door.Close();
        await deployment.StartAsync("Assay.Preprocess");
        await deployment.DropAsync("patient.png", await PictureAsync(), new() { ["traceparent"] = $"00-{retried.TraceId}-{retried.SpanId}-01" });
        await Eventually.HoldsAsync("an attempt has broken off", () => Outcomes(retried.TraceId).Contains("retried"), details: () => Tree(receiver, retried.TraceId));

        door.Open();
        await deployment.DropAsync("letter.png", "Dear Sir or Madam"u8.ToArray(), new() { ["traceparent"] = $"00-{rejected.TraceId}-{rejected.SpanId}-01" });
        await deployment.AllEndAsync(2);
        await ShouldBeCompleteAsync(receiver, deployment, retried.TraceId, await IdOfAsync(deployment, "patient.png"), retried.SpanId);
        await Eventually.HoldsAsync("it is said why", () => Outcomes(rejected.TraceId).Contains("rejected"), details: () => Tree(receiver, rejected.TraceId));
        receiver.Spans.First(span => span.TraceId == rejected.TraceId && span.Attributes.GetValueOrDefault("assay.outcome") == "rejected").Attributes["assay.reason"].ShouldBe(RejectionReason.NotAnImage);

        IEnumerable<string?> Outcomes(string trace) => receiver.Spans.Where(span => span.TraceId == trace && span.Service == "assay-preprocess").Select(span => span.Attributes.GetValueOrDefault("assay.outcome"));
    }

    [Fact]
    public async Task Every_metric_has_its_name()
    {
        await using var deployment = await NewAsync(receiver: null);
        var ingest = await deployment.StartAsync("Assay.Ingest");
        await deployment.DropAsync("lost.png", await PictureAsync());
        await WaitInAsync(deployment, "preprocess");
        await PurgeAsync(deployment, "preprocess");
        var steward = await deployment.StartAsync("Assay.Steward", [.. Quick, ("ASSAY_STEWARD__TRIES", "5")]);
        await Eventually.HoldsAsync("it is announced again", async () => await deployment.CountAsync("COUNT(*) FROM redrives") > 0, details: deployment.Logs);
        ServiceProcess[] services = [ingest, steward, .. await Task.WhenAll(deployment.StartAsync("Assay.Preprocess"), deployment.StartAsync("Assay.Enrich"), deployment.StartAsync("Assay.Classify"))];
        // What is announced again is decoded in a process of its own, of which nothing is counted.
        using var body = new ByteArrayContent(await PictureAsync("chart-pie.png"));
        using var answer = await ingest.Http.PostAsync(new Uri("/v1/images?name=fresh.png", UriKind.Relative), body, Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await deployment.AllEndAsync(2);

        string[] told = [];
        await Eventually.HoldsAsync("all are there", async () =>
        {
            told = string.Join('\n', await Task.WhenAll(services.Select(service => service.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Token)))).Split('\n');
            return Metrics.All(name => IsIn(told, name));
        }, details: () => $"Missing: {string.Join(", ", Metrics.Where(name => !IsIn(told, name)))}\n{string.Join('\n', told)}");
        foreach (var stage in Stages)
            told.ShouldContain(line => line.StartsWith("assay_images_total{", StringComparison.Ordinal) && line.Contains($"stage=\"{stage}\"", StringComparison.Ordinal) && line.Contains("outcome=\"done\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_receiver_that_is_away_holds_nothing_up()
    {
        await using var deployment = await NewAsync(receiver: null);
        deployment.Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1";
        var services = await deployment.StartAllAsync();
        await deployment.DropAsync("unseen.png", await PictureAsync());
        await deployment.AllEndAsync(1);
        await deployment.ShouldHaveClassifiedOnceAsync(1);
        foreach (var service in services)
            (await service.StopAsync(TimeSpan.FromSeconds(30))).ExitCode.ShouldBe(0, service.ToString());
    }

    [Fact]
    public async Task A_receiver_that_takes_connections_and_says_nothing_holds_nothing_up()
    {
        await using var deployment = await NewAsync(receiver: null);
        await using var door = new Door(("127.0.0.1", 1));
        door.Break(Fault.BlackHole);
        deployment.Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{door.Port}";
        deployment.Settings["OTEL_METRIC_EXPORT_INTERVAL"] = "5000";
        ServiceProcess[] services = [.. await deployment.StartAllAsync(), await deployment.StartAsync("Assay.Steward")];
        await deployment.DropAsync("unseen.png", await PictureAsync());
        await deployment.AllEndAsync(1);
        await deployment.ShouldHaveClassifiedOnceAsync(1);

        // Traces, metrics and logs of each have a connection of their own.
        await Eventually.HoldsAsync("all of them try to send", () => door.Taken >= 2 * services.Length, details: () => $"{door.Taken} connections");
        var ends = await ServiceProcess.StopAllAsync(services, TimeSpan.FromSeconds(30), log.WriteLine);
        ends.Select(end => end.ExitCode).ShouldAllBe(code => code == 0, deployment.Logs());
    }

    [Fact]
    public async Task Nothing_that_is_told_of_an_image_names_its_object_or_its_user()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var deployment = await NewAsync(receiver);
        deployment.Settings["ASSAY_INGEST__SOURCES__0__KEYPATTERN"] = "users/{userId}/";
        ServiceProcess[] services = [.. await deployment.StartAllAsync(), await deployment.StartAsync("Assay.Steward")];
        await deployment.DropAsync("users/jane-doe/passport-4711.png", await PictureAsync());
        await deployment.DropAsync("users/jane-doe/diary-4712.png", "Dear Sir or Madam"u8.ToArray());
        await deployment.AllEndAsync(2);
        (await deployment.QueryAsync("SELECT DISTINCT user_id FROM images")).ShouldHaveSingleItem()[0].ShouldBe("jane-doe");
        // What they still have to tell they tell at their end.
        await ServiceProcess.StopAllAsync(services, TimeSpan.FromSeconds(30), log.WriteLine);

        var id = await IdOfAsync(deployment, "users/jane-doe/passport-4711.png");
        Stages.ShouldAllBe(stage => Lines(receiver, id, stage).Length > 0, deployment.Logs());
        receiver.Spans.ShouldContain(span => IsHop(span, "classify", id));
        receiver.HasMetrics.ShouldBeTrue();
        foreach (var told in new[] { receiver.Everything, deployment.Logs() })
        {
            told.ShouldContain(id);
            foreach (var name in new[] { "jane-doe", "passport-4711", "diary-4712" })
                told.Contains(name, StringComparison.OrdinalIgnoreCase).ShouldBeFalse($"{name} is in {Around(told, name)}");
        }
    }

    [Fact]
    public async Task With_the_formatter_json_each_line_of_standard_output_is_an_object_and_an_image_s_has_its_id_and_trace_as_properties()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var deployment = await NewAsync(receiver);
        deployment.Settings["Logging__Console__FormatterName"] = "json";
        var services = await deployment.StartAllAsync();
        await deployment.DropAsync("collected.png", await PictureAsync());
        await deployment.AllEndAsync(1);

        var (id, traceId) = (await IdOfAsync(deployment, "collected.png"), await TraceOfAsync(deployment, "collected.png"));
        foreach (var (service, stage) in services.Zip(Stages))
        {
            var end = await service.StopAsync(TimeSpan.FromSeconds(30));
            // A line that is no object fails here.
            var states = end.OutputLines.Select(line => JsonNode.Parse(line)!.AsObject()["State"]?.AsObject()).OfType<JsonObject>().ToList();
            var told = states.Where(state => (string?)state["Stage"] == stage && (string?)state["ImageId"] == id).ToList();
            told.ShouldNotBeEmpty(service.ToString());
            told.ShouldAllBe(state => (string?)state["TraceId"] == traceId, service.ToString());
        }
    }

    private static async Task<Deployment> NewAsync(OtlpReceiver? receiver)
    {
        var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "* * * * * *";
        foreach (var (name, value) in receiver?.Settings ?? [])
            deployment.Settings[name] = value;
        await deployment.SetupAsync();
        return deployment;
    }

    private static async Task ShouldBeCompleteAsync(OtlpReceiver receiver, Deployment deployment, string traceId, string imageId, string parentId)
    {
        await Eventually.HoldsAsync("the trace is complete", () =>
        {
            var trace = receiver.Spans.Where(span => span.TraceId == traceId).ToList();
            var known = trace.Select(span => span.SpanId).Append(parentId).ToHashSet();
            return trace.All(span => known.Contains(span.ParentId)) && Stages.All(stage => trace.Any(span => IsHop(span, stage, imageId)))
                && Work.All(work => work.Spans.All(name => trace.Any(span => span.Service == work.Service && (name == "database" ? span.IsOfDatabase : span.Name == name))));
        }, details: () => $"{Tree(receiver, traceId)}\n{deployment.Logs()}");
    }

    private static bool IsIn(string[] told, string metric) =>
        told.Any(line => line.StartsWith(metric, StringComparison.Ordinal) && line.Length > metric.Length && line[metric.Length] is ('{' or ' '));

    private static bool IsHop(ReceivedSpan span, string stage, string imageId) => span.Service == $"assay-{stage}"
        && span.Attributes.GetValueOrDefault("assay.stage") == stage && span.Attributes.GetValueOrDefault("assay.image.id") == imageId
        && span.Attributes.GetValueOrDefault("assay.source") == "landing" && span.Attributes.GetValueOrDefault("assay.outcome") == "done";

    private static string Tree(OtlpReceiver receiver, string traceId)
    {
        var trace = receiver.Spans.Where(span => span.TraceId == traceId).ToList();
        var known = trace.Select(span => span.SpanId).ToHashSet();
        return string.Join('\n', trace.Select(span => span.ParentId).Where(parent => !known.Contains(parent)).Distinct().SelectMany(parent => Branch(parent, "")));

        IEnumerable<string> Branch(string parent, string indent) => trace.Where(span => span.ParentId == parent).SelectMany(span => Branch(span.SpanId, indent + "  ").Prepend(
            $"{indent}{span.Service}: {span.Name} {string.Join(' ', span.Attributes.Where(tag => tag.Key.StartsWith("assay.", StringComparison.Ordinal)))}"));
    }

    private static ReceivedLine[] Lines(OtlpReceiver receiver, string imageId, string stage) =>
        [.. receiver.Lines.Where(line => line.Text.StartsWith($"Image {imageId} done by {stage} ", StringComparison.Ordinal))];

    private static string Around(string told, string name)
    {
        var at = Math.Max(told.IndexOf(name, StringComparison.OrdinalIgnoreCase), 0);
        return told[Math.Max(at - 200, 0)..Math.Min(at + 200, told.Length)];
    }

    private static (string TraceId, string SpanId) NewTrace() => (ActivityTraceId.CreateRandom().ToHexString(), ActivitySpanId.CreateRandom().ToHexString());

    private static Task<byte[]> PictureAsync(string name = "chart-lines.png") => File.ReadAllBytesAsync(Path.Combine(Repository.Root, "samples", name), Token);

    private static async Task<string> IdOfAsync(Deployment deployment, string key) =>
        ((Guid)(await deployment.QueryAsync($"SELECT id FROM images WHERE raw_path = '{key}'")).ShouldHaveSingleItem()[0]!).ToString();

    private static async Task<string> TraceOfAsync(Deployment deployment, string key) =>
        ((string)(await deployment.QueryAsync($"SELECT trace_parent FROM images WHERE raw_path = '{key}'")).ShouldHaveSingleItem()[0]!).Split('-')[1];

    private static Task WaitInAsync(Deployment deployment, string queue) => Eventually.HoldsAsync(
        $"it waits in {queue}", async () => (await deployment.QueuesAsync()).GetValueOrDefault(queue) >= 1, details: deployment.Logs);

    private static async Task PurgeAsync(Deployment deployment, string queue) =>
        await Servers.AdministerAsync(HttpMethod.Delete, $"api/queues/{deployment.Broker.VirtualHost}/{queue}/contents");
}
