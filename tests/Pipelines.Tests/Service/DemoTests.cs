using System.Diagnostics;
using System.Text.Json.Nodes;
using Conductor.Engines;

namespace Conductor.Pipelines.Tests.Service;

/// <summary>The service with the demonstration as a process beside it, which knows of it what every caller knows.</summary>
[Integration]
public sealed class DemoTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    [Fact]
    public async Task The_demonstration_registers_its_pipeline_and_feeds_it_and_the_service_counts_and_stops_cleanly()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        using var demo = Start(service);
        await Until.TrueAsync(
            async () => (await service.Http.GetAsync("/api/pipelines/demo-alerts", TestContext.Current.CancellationToken)).IsSuccessStatusCode,
            "the demonstration is registered");
        await service.StateAsync("demo-alerts", "Running");
        var known = await service.ReadAsync("demo-alerts", "solar-system", 120);
        ((long)known["read"]!).ShouldBe((long)known["passed"]! + (long)known["skipped"]! + (long)known["deadLettered"]!);
        ((long)known["passed"]!).ShouldBeGreaterThan(0);
        ((long)known["deadLettered"]!).ShouldBe(0);

        await Until.TrueAsync(async () => Component(await service.FindAsync("demo-alerts"), "solar-system")["lag"] is not null, "the lag is known");
        ((double)Component(await service.FindAsync("demo-alerts"), "solar-system")["perSecond"]!).ShouldBeGreaterThan(0);

        demo.Kill();
        (await service.StopAsync()).ShouldBe(0, service.Output);
        Packets.Candids(Path.Combine(service.Data, "demo", "solar-system")).ShouldNotBeEmpty();
    }

    private Process Start(PipelineService service)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Conductor.Demo.dll")]) { UseShellExecute = false };
        foreach (var (name, value) in new[]
        {
            ("services__pipelines__http__0", service.Http.BaseAddress!.ToString()), ("ConnectionStrings__rabbitmq", rabbitMq.ConnectionString),
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("Demo__PerSecond", "60"),
        }) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static JsonNode Component(JsonNode pipeline, string name) => pipeline["components"]!.AsArray().Single(c => (string?)c!["name"] == name)!;
}
