using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Conductor.ServiceDefaults.Telemetry;

internal static class TelemetryDefaults
{
    private static readonly PathString[] Quiet = ["/health", "/alive", "/metrics", "/events"];

    public static void AddTelemetryDefaults(this IHostApplicationBuilder builder)
    {
        var service = builder.Configuration["OTEL_SERVICE_NAME"] ?? builder.Environment.ApplicationName;
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service).AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddNpgsqlInstrumentation()
                .AddMeter("MassTransit", "Polly", ThreadPoolMetrics.MeterName, "Conductor.*")
                .AddView(MetricViews.Shape)
                .AddPrometheusExporter(text => (text.TargetInfoEnabled, text.ScopeInfoEnabled) = (false, false)));
        // Without a receiver nobody listens to the sources, so that no span is made at all.
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) return;
        builder.Logging.AddOpenTelemetry(logs => (logs.IncludeFormattedMessage, logs.IncludeScopes) = (true, true));
        var tracesPerSecond = builder.Configuration.GetValue("Telemetry:TracesPerSecond", 20);
        telemetry.WithTracing(tracing => Trace(tracing, tracesPerSecond)).UseOtlpExporter();
        // The exporter's own default is gRPC; without a word about it, http/protobuf needs nothing but HTTP/1.1.
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"]))
        {
            builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        }
    }

    private static bool IsQuiet(PathString asked) => Array.Exists(Quiet, path => asked.Equals(path, StringComparison.OrdinalIgnoreCase));

    private static void Trace(TracerProviderBuilder tracing, int perSecond) => tracing
        .SetSampler(new ParentBasedSampler(new FewTraces(perSecond, TimeProvider.System)))
        .AddProcessor(new IdleStatements())
        .AddAspNetCoreInstrumentation(server => server.Filter = context => !IsQuiet(context.Request.Path))
        .AddHttpClientInstrumentation()
        .AddNpgsql()
        .AddSource("MassTransit", "Conductor.*");
}
