using Conductor.ServiceDefaults.Prometheus;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Conductor.ServiceDefaults.Telemetry;

internal static class TelemetryDefaults
{
    private static readonly string[] Sources = ["Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "MassTransit", "Conductor.*"];
    private static readonly string[] Meters =
        ["Microsoft.AspNetCore.*", "System.Net.Http", "System.Net.NameResolution", "System.Runtime", "Npgsql", "MassTransit", "Conductor.*"];

    public static void AddTelemetryDefaults(this IHostApplicationBuilder builder)
    {
        // ASP.NET Core 10 leaves its server span without attributes unless told otherwise.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", isEnabled: false);
        var serviceName = builder.Configuration["OTEL_SERVICE_NAME"] ?? builder.Environment.ApplicationName;
        var prometheus = new PrometheusExporter();
        builder.Services.AddSingleton(prometheus);
        builder.Services.AddTransient<IStartupFilter, ServerSpanStartup>();
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(serviceName).AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing.AddSource(Sources))
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddReader(new BaseExportingMetricReader(prometheus)));
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) return;
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
        });
        builder.AddOtlp();
    }

    private static void AddOtlp(this IHostApplicationBuilder builder)
    {
        // The exporter's own default is gRPC; without a word about it, http/protobuf needs nothing but HTTP/1.1.
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"]))
        {
            builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        }
        builder.Services.AddOpenTelemetry().UseOtlpExporter();
    }
}
