using System.Globalization;
using Conductor.Engines;

namespace Conductor.Pipelines.Tests.Service;

/// <summary><c>./bench idle-pipelines</c></summary>
[Integration]
public sealed class IdleCostTests(PostgresServer postgres, RabbitMqServer rabbitMq, ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public async Task Idle_partitions_cost_next_to_nothing()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        await service.BeginAsync($$"""
            name: {{service.Id}}
            components:
              buffer: { type: stream-buffer, topics: { {{service.Id}}.idle: { partitions: 64 } } }
              wait: { type: processing-node, instances: 4, source: { topic: {{service.Id}}.idle }, sinks: { files: { folder: out } } }
            """, service.Id);
        await Until.TrueAsync(async () => (long?)(await service.FindAsync(service.Id))["components"]![1]!["lag"] == 0, "all lags are known");
        // The first look is dear: it starts the readers and the runtime compiles.
        var (from, until) = (service.ProcessorTime, DateTime.UtcNow.AddSeconds(Seconds));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Until.TrueAsync(() => Task.FromResult(DateTime.UtcNow > until), "the time is over");
        var share = (service.ProcessorTime - from) / clock.Elapsed;
        output.WriteLine($"64 idle partitions, 4 instances: {share:P1} of a core");
        share.ShouldBeLessThan(0.15);
    }

    private static int Seconds => int.Parse(Environment.GetEnvironmentVariable("CONDUCTOR_IDLE_SECONDS") ?? "30", CultureInfo.InvariantCulture);
}
