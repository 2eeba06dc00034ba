using System.Collections.Concurrent;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Assay.Tests.Distributed;

/// <summary>A span as it was received.</summary>
internal sealed record ReceivedSpan(
    string Service, string TraceId, string SpanId, string ParentId, string Name, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> LinkedTraces)
{
    /// <summary>Whether it is one of PostgreSQL's client.</summary>
    public bool IsOfDatabase => Attributes.Keys.Any(name => name.StartsWith("db.", StringComparison.Ordinal));
}

/// <summary>A log record as it was received.</summary>
internal sealed record ReceivedLine(string Service, string TraceId, string Text, IReadOnlyDictionary<string, string> Attributes);

/// <summary>A receiver of OTLP over HTTP or gRPC. Of its messages it reads the few fields that the tests ask about (opentelemetry-proto 1).</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    /// <summary>OTLP over gRPC: what OpenTelemetry speaks where nothing is said, and docker-compose.yml says nothing.</summary>
    public const string Grpc = "grpc";

    /// <summary>OTLP over HTTP.</summary>
    public const string Http = "http/protobuf";

    // https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md: before a message come a byte for its compression and four for its length.
    private const int GrpcPrefixLength = 5;

    private readonly WebApplication app;
    private readonly string protocol;
    private readonly ConcurrentQueue<ReceivedSpan> spans = [];
    private readonly ConcurrentQueue<ReceivedLine> lines = [];
    private readonly ConcurrentQueue<string> texts = [];
    private int metrics;

    private OtlpReceiver(WebApplication app, string protocol) => (this.app, this.protocol) = (app, protocol);

    /// <summary>All spans so far.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => [.. spans];

    /// <summary>All log records so far.</summary>
    public IReadOnlyList<ReceivedLine> Lines => [.. lines];

    /// <summary>Whether any metrics have come.</summary>
    public bool HasMetrics => metrics > 0;

    /// <summary>All that came, as far as it is text.</summary>
    public string Everything => string.Join('\n', texts);

    /// <summary>What a service must be told to send its telemetry here, soon.</summary>
    public (string Name, string Value)[] Settings =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
        .. protocol == Grpc ? [] : new[] { ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol) },
        ("OTEL_BSP_SCHEDULE_DELAY", "200"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "200"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
    ];

    /// <summary>Starts one on a port of its own.</summary>
    public static async Task<OtlpReceiver> StartAsync(string protocol = Http)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        // Without TLS nobody can ask for HTTP/2: who speaks it must know that it is understood.
        builder.WebHost.ConfigureKestrel(server => server.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocol == Grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var receiver = new OtlpReceiver(app, protocol);
        receiver.Map("traces", "trace.v1.TraceService", (service, span) => receiver.spans.Enqueue(Span(service, span)));
        receiver.Map("logs", "logs.v1.LogsService", (service, line) => receiver.lines.Enqueue(Line(service, line)));
        receiver.Map("metrics", "metrics.v1.MetricsService", (_, _) => Interlocked.Increment(ref receiver.metrics));
        await app.StartAsync();
        return receiver;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => app.DisposeAsync();

    private void Map(string kind, string service, Action<string, ByteString> take)
    {
        app.MapPost($"/v1/{kind}", async http => Receive(await BodyAsync(http), take));
        app.MapPost($"/opentelemetry.proto.collector.{service}/Export", async http =>
        {
            Receive((await BodyAsync(http))[GrpcPrefixLength..], take);
            http.Response.ContentType = "application/grpc";
            http.Response.AppendTrailer("grpc-status", "0");
            // An empty message: all was taken.
            await http.Response.Body.WriteAsync(new byte[GrpcPrefixLength]);
        });
    }

    private static async Task<byte[]> BodyAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    // All three kinds of message are alike down to the items: resources (1), of each what it is (1) and its scopes (2), of each of these the items (2).
    private void Receive(byte[] message, Action<string, ByteString> take)
    {
        texts.Enqueue(Encoding.Latin1.GetString(message));
        foreach (var resource in Fields(ByteString.CopyFrom(message), 1))
        {
            var service = Attributes(Fields(resource, 1).Single(), 1).GetValueOrDefault("service.name", "");
            foreach (var item in Fields(resource, 2).SelectMany(scope => Fields(scope, 2)))
                take(service, item);
        }
    }

    private static ReceivedSpan Span(string service, ByteString span) => new(
        service, Hex(span, 1), Hex(span, 2), Hex(span, 4), Fields(span, 5).Single().ToStringUtf8(), Attributes(span, 9), [.. Fields(span, 13).Select(link => Hex(link, 1))]);

    private static ReceivedLine Line(string service, ByteString line) => new(service, Hex(line, 9), Fields(line, 5).SelectMany(body => Fields(body, 1)).FirstOrDefault(ByteString.Empty).ToStringUtf8(), Attributes(line, 6));

    // A log record may have one twice, as its scopes say the same.
    private static Dictionary<string, string> Attributes(ByteString message, int number) => Fields(message, number)
        .Select(pair => KeyValuePair.Create(Fields(pair, 1).Single().ToStringUtf8(), Fields(pair, 2).SelectMany(value => Fields(value, 1)).FirstOrDefault(ByteString.Empty).ToStringUtf8()))
        .DistinctBy(pair => pair.Key).ToDictionary();

    private static string Hex(ByteString message, int number) => Convert.ToHexStringLower(Fields(message, number).FirstOrDefault(ByteString.Empty).Span);

    // Texts, bytes and messages; numbers are passed over.
    private static List<ByteString> Fields(ByteString message, int number)
    {
        var found = new List<ByteString>();
        using var input = message.CreateCodedInput();
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (WireFormat.GetTagWireType(tag) != WireFormat.WireType.LengthDelimited)
                input.SkipLastField();
            else if (input.ReadBytes() is var value && WireFormat.GetTagFieldNumber(tag) == number)
                found.Add(value);
        }
        return found;
    }
}
