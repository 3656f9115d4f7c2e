using System.Text.Json.Nodes;
using Conductor.Engines;

namespace Conductor.Pipelines.Tests.Service;

[Integration]
public sealed class DemoTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    [Fact]
    public async Task The_demonstration_starts_by_itself_counts_and_stops_cleanly()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq, ("Demo__Enabled", "true"), ("Demo__PerSecond", "60"));
        await Until.TrueAsync(async () => (await service.Http.GetAsync("/api/pipelines/demo-alerts", TestContext.Current.CancellationToken)).IsSuccessStatusCode, "the demonstration is registered");
        await service.StateAsync("demo-alerts", "Running");
        var known = await service.ReadAsync("demo-alerts", "solar-system", 120);
        ((long)known["read"]!).ShouldBe((long)known["passed"]! + (long)known["skipped"]! + (long)known["deadLettered"]!);
        ((long)known["passed"]!).ShouldBeGreaterThan(0);
        ((long)known["deadLettered"]!).ShouldBe(0);

        var metrics = await service.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        metrics.ShouldContain("conductor_pipelines_read");
        metrics.ShouldContain("component=\"solar-system\"");
        await Until.TrueAsync(async () => Component(await service.FindAsync("demo-alerts"), "solar-system")["lag"] is not null, "the lag is known");
        ((double)Component(await service.FindAsync("demo-alerts"), "solar-system")["perSecond"]!).ShouldBeGreaterThan(0);

        (await service.StopAsync()).ShouldBe(0, service.Output);
        Packets.Candids(Path.Combine(service.Data, "demo", "solar-system")).ShouldNotBeEmpty();
    }

    private static JsonNode Component(JsonNode pipeline, string name) => pipeline["components"]!.AsArray().Single(c => (string?)c!["name"] == name)!;
}
