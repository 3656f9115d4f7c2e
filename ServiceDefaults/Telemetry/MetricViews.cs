using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Conductor.ServiceDefaults.Telemetry;

/// <summary>
/// Keeps a scrape small: what nobody reads is dropped, libraries' histograms get few buckets and few labels. docs/operations.md lists what is left.
/// </summary>
internal static class MetricViews
{
    private const MetricStreamConfiguration? AsItIs = null;
    private static readonly double[] Seconds = [0.01, 0.05, 0.25, 1, 5];
    private static readonly double[] Milliseconds = [10, 50, 250, 1_000, 5_000];

    public static MetricStreamConfiguration? Shape(Instrument instrument) => instrument.Meter.Name switch
    {
        "Microsoft.AspNetCore.Hosting" => Server(instrument.Name),
        "System.Net.Http" => Client(instrument.Name),
        "Npgsql" => Database(instrument.Name),
        "MassTransit" => Bus(instrument.Name),
        "Polly" => Resilience(instrument.Name),
        "System.Runtime" => Runtime(instrument.Name),
        // Connections, TLS, DNS, routing, diagnostics of the framework: for a debugger, not for a graph.
        _ when instrument.Meter.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) => MetricStreamConfiguration.Drop,
        "System.Net.NameResolution" => MetricStreamConfiguration.Drop,
        _ => AsItIs,
    };

    private static MetricStreamConfiguration? Server(string name) => name switch
    {
        "http.server.request.duration" => Histogram(Seconds, "http.request.method", "http.route", "http.response.status_code"),
        "http.server.active_requests" => Labels("http.request.method"),
        _ => AsItIs,
    };

    private static MetricStreamConfiguration? Client(string name) => name switch
    {
        "http.client.request.duration" => Histogram(Seconds, "http.request.method", "server.address", "server.port", "http.response.status_code", "error.type"),
        _ => MetricStreamConfiguration.Drop,
    };

    private static MetricStreamConfiguration? Database(string name) => name switch
    {
        "db.client.operation.duration" => Histogram(Seconds, "db.client.connection.pool.name"),
        "db.client.operation.npgsql.prepared_ratio" => MetricStreamConfiguration.Drop,
        _ => AsItIs,
    };

    private static MetricStreamConfiguration? Bus(string name) => name["messaging.masstransit.".Length..] switch
    {
        "consume.duration" or "delivery.duration" or "saga.duration" => Histogram(Milliseconds, "messaging.masstransit.message_type"),
        "consume" or "consume.retries" or "saga" or "send" => Labels("messaging.masstransit.message_type"),
        "consume.errors" or "saga.errors" or "send.errors" => Labels("messaging.masstransit.message_type", "messaging.masstransit.exception_type"),
        "receive.errors" => Labels("messaging.masstransit.exception_type"),
        // Those of receiving say what those of consuming say; those of what is active count down and call themselves counters.
        _ => MetricStreamConfiguration.Drop,
    };

    private static MetricStreamConfiguration? Resilience(string name) => name switch
    {
        "resilience.polly.strategy.events" => Labels("event.name", "pipeline.name", "strategy.name"),
        _ => MetricStreamConfiguration.Drop,
    };

    private static MetricStreamConfiguration? Runtime(string name) => name switch
    {
        // Counters that go down: ThreadPoolMetrics has them right.
        "dotnet.thread_pool.thread.count" or "dotnet.thread_pool.queue.length" => MetricStreamConfiguration.Drop,
        "dotnet.jit.compiled_il.size" or "dotnet.jit.compiled_methods" or "dotnet.assembly.count" => MetricStreamConfiguration.Drop,
        _ => AsItIs,
    };

    private static ExplicitBucketHistogramConfiguration Histogram(double[] bounds, params string[] labels) =>
        new() { Boundaries = bounds, RecordMinMax = false, TagKeys = labels };

    private static MetricStreamConfiguration Labels(params string[] labels) => new() { TagKeys = labels };
}
