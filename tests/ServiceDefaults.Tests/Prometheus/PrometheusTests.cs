using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;

namespace Conductor.ServiceDefaults.Tests.Prometheus;

public sealed class PrometheusTests
{
    [Fact]
    public async Task Our_own_instruments_appear_in_Prometheus_spelling()
    {
        using var meter = new Meter("Conductor.Tests");
        await using var service = await TestService.StartAsync();
        meter.CreateCounter<long>("orders.placed", "{orders}", "Orders\nso far").Add(3, new KeyValuePair<string, object?>("shop.name", "a \"b\" \\"));
        meter.CreateHistogram<double>("order.duration", "s").Record(0.3);
        meter.CreateGauge<double>("shelf.fill", "%").Record(12.5);

        var text = await service.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        var lines = text.Split('\n');
        lines.ShouldContain("# HELP orders_placed_total Orders\\nso far");
        lines.ShouldContain("# TYPE orders_placed_total counter");
        lines.ShouldContain("""orders_placed_total{otel_scope_name="Conductor.Tests",shop_name="a \"b\" \\"} 3""");
        lines.ShouldContain("# TYPE order_duration_seconds histogram");
        lines.ShouldContain("""order_duration_seconds_bucket{otel_scope_name="Conductor.Tests",le="+Inf"} 1""");
        lines.ShouldContain("""order_duration_seconds_sum{otel_scope_name="Conductor.Tests"} 0.3""");
        lines.ShouldContain("""order_duration_seconds_count{otel_scope_name="Conductor.Tests"} 1""");
        lines.ShouldContain("""shelf_fill_percent{otel_scope_name="Conductor.Tests"} 12.5""");
    }

    [Fact]
    public async Task Buckets_are_cumulative()
    {
        using var meter = new Meter("Conductor.Tests.Buckets");
        await using var service = await TestService.StartAsync();
        var histogram = meter.CreateHistogram<int>("parcel.weight", advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 5] });
        foreach (var weight in new[] { 1, 2, 3, 9 }) histogram.Record(weight);

        var text = await service.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        text.Split('\n').Where(line => line.StartsWith("parcel_weight_bucket", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf("le=", StringComparison.Ordinal) + 3)..])
            .ShouldBe(["\"1\"} 1", "\"5\"} 3", "\"+Inf\"} 4"]);
    }

    [Fact]
    public async Task The_runtime_and_the_web_server_are_measured_and_each_family_is_declared_once()
    {
        await using var service = await TestService.StartAsync(map: app => app.MapGet("/orders/{id}", (int id) => id));
        await service.Client.GetStringAsync("/orders/5", TestContext.Current.CancellationToken);
        using var response = await service.Client.GetAsync("/metrics", TestContext.Current.CancellationToken);
        response.Content.Headers.ContentType?.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        text.ShouldContain("dotnet_process_memory_working_set_bytes");
        text.ShouldContain("http_route=\"/orders/{id}\"");
        var types = text.Split('\n').Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal)).ToArray();
        types.ShouldBe(types.Distinct());
        types.Length.ShouldBeGreaterThan(10);
    }
}
