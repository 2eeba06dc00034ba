using System.Diagnostics;
using Assay.Platform.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Assay.Platform.Hosting;

/// <summary>
/// What a service tells about itself: metrics at <c>/metrics</c> always; traces, metrics and logs over OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a receiver.
/// All other variables of OpenTelemetry hold as it defines them. A receiver that is away costs nothing but what it does not receive.
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
    }

    // Services ask the catalog every few seconds what is new. A query that belongs to nothing would be a trace of its own, and most traces such.
    private sealed class BeginsAtTheDoor : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            new(samplingParameters.Kind == ActivityKind.Client ? SamplingDecision.Drop : SamplingDecision.RecordAndSample);
    }
}
