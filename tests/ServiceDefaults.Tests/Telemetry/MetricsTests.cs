using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;

namespace Conductor.ServiceDefaults.Tests.Telemetry;

public sealed class MetricsTests
{
    [Fact]
    public async Task Our_own_instruments_appear_with_their_types_in_Prometheus_spelling()
    {
        using var meter = new Meter("Conductor.Tests.Shop");
        await using var service = await TestService.StartAsync();
        meter.CreateCounter<long>("orders.placed", "{order}", "Orders so far").Add(3, new KeyValuePair<string, object?>("shop.name", "a \"b\" \\"));
        meter.CreateUpDownCounter<long>("orders.open", "{order}").Add(2);
        meter.CreateHistogram<double>("order.duration", "s").Record(0.3);
        meter.CreateGauge<double>("shelf.age", "s").Record(12.5);

        var scrape = await ScrapeAsync(service);

        scrape.Metrics["orders_placed_total"].Type.ShouldBe("counter");
        scrape.Metrics["orders_open"].Type.ShouldBe("gauge");
        scrape.Metrics["order_duration_seconds"].Type.ShouldBe("histogram");
        scrape.Metrics["shelf_age_seconds"].Type.ShouldBe("gauge");
        scrape.Metrics["orders_placed_total"].Labels.ShouldBe(["shop_name"]);
        scrape.Text.Split('\n').ShouldContain(line => line.StartsWith("orders_placed_total{", StringComparison.Ordinal)
            && line.Contains("""shop_name="a \"b\" \\" """.TrimEnd(), StringComparison.Ordinal) && line.Contains("} 3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_hundred_routes_are_scraped_in_less_than_100_kB()
    {
        await using var service = await TestService.StartAsync(map: app =>
        {
            for (var i = 0; i < 60; i++) app.MapGet($"/orders/{i}/{{id}}/lines", (int id) => id);
        });
        for (var i = 0; i < 60; i++) await service.Client.GetStringAsync($"/orders/{i}/5/lines", TestContext.Current.CancellationToken);

        var scrape = await ScrapeAsync(service);

        scrape.Text.Length.ShouldBeLessThan(100_000);
        scrape.Metrics["http_server_request_duration_seconds"].Labels
            .ShouldBe(["http_request_method", "http_response_status_code", "http_route"], ignoreOrder: true);
        scrape.Metrics.Keys.ShouldContain("dotnet_process_memory_working_set_bytes");
    }

    private static async Task<Scrape> ScrapeAsync(TestService service) =>
        Scrape.Parse(await service.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken));
}
