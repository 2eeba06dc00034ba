using System.Diagnostics;
using Assay.Platform.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Assay.Platform.Hosting;

/// <summary>
/// What a service tells about itself: metrics at <c>/metrics</c> always; traces, metrics and logs over OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a receiver.
/// Without that variable nothing is sent; all others of OpenTelemetry hold besides, as it defines them. A receiver that is away or says nothing costs nothing but what it does not receive.
/// </summary>
internal static class Telemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT", SamplerVariable = "OTEL_TRACES_SAMPLER";

    public static void AddTelemetry(this WebApplicationBuilder builder, string stage)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService($"assay-{stage}", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3))
                .AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics.AddMeter(LedgerMetrics.MeterName).AddPrometheusExporter());
        if (string.IsNullOrEmpty(builder.Configuration[Endpoint]))
            return;
        telemetry
            .WithTracing(traces =>
            {
                traces.AddSource(Spans.SourceName, "MassTransit", "Npgsql");
                // Not probes and scrapes.
                traces.AddAspNetCoreInstrumentation(http => http.Filter = request => request.Request.Path.StartsWithSegments("/v1"));
                if (string.IsNullOrEmpty(builder.Configuration[SamplerVariable]))
                    traces.SetSampler(new ParentBasedSampler(new BeginsAtTheDoor()));
            })
            .WithLogging(configureBuilder: null, logs =>
            {
                logs.IncludeScopes = true;
                logs.IncludeFormattedMessage = true;
            })
            .UseOtlpExporter();
        // Before everything that has something to tell, so that it is stopped last.
        builder.Services.AddHostedService<LastWords>();
    }

    // OpenTelemetry ends traces, metrics and logs one after the other when all else has ended, and waits five seconds for each where the receiver says nothing.
    // With the 25 that the host has, a service would then need more than the 30 seconds that supervisors are told.
    private sealed class LastWords(TracerProvider traces, MeterProvider metrics, LoggerProvider logs) : IHostedService
    {
        private const int PatienceMilliseconds = 2_000;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
            Task.Run(() => traces.Shutdown(PatienceMilliseconds), CancellationToken.None),
            Task.Run(() => metrics.Shutdown(PatienceMilliseconds), CancellationToken.None),
            Task.Run(() => logs.Shutdown(PatienceMilliseconds), CancellationToken.None));
    }

    // Services ask the catalog every few seconds what is new. A query that belongs to nothing would be a trace of its own, and most traces such.
    private sealed class BeginsAtTheDoor : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            new(samplingParameters.Kind == ActivityKind.Client ? SamplingDecision.Drop : SamplingDecision.RecordAndSample);
    }
}
