using Conductor.Engines;
using Conductor.Testing;

namespace Conductor.Pipelines.Tests.Service;

/// <summary>
/// <c>kill -9</c> of the service, or of an engine under it, at random moments while packets go from a folder through a topic and a filter to files. Rounds:
/// CONDUCTOR_KILL_ROUNDS (3).
/// </summary>
[Integration]
public sealed class KillTests(PostgresServer postgres, RabbitMqServer rabbitMq, ITestOutputHelper output)
{
    private const int PerRound = 300;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task Killing_the_service_loses_nothing_and_writes_nothing_twice_to_the_files() => RunAsync("the service", async service =>
    {
        service.Kill();
        await service.StartAsync();
    });

    [Fact]
    public Task Killing_RabbitMQ_loses_nothing_and_writes_nothing_twice_to_the_files() => RunAsync("RabbitMQ", _ => rabbitMq.KillAndStartAsync(Cancel));

    [Fact]
    public Task Killing_PostgreSQL_loses_nothing_and_writes_nothing_twice_to_the_files() => RunAsync("PostgreSQL", _ => postgres.KillAndStartAsync(Cancel));

    private async Task RunAsync(string victim, Func<PipelineService, Task> killAndStart)
    {
        var rounds = KillSettings.Rounds(3);
        var random = new Random(20260304);
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        var inbox = Path.Combine(service.Data, "in");
        var expected = Packets.Generate(inbox, PerRound);
        await service.BeginAsync(Yaml(service.Id), service.Id);
        for (var round = 1; round <= rounds; round++)
        {
            // Somewhere in the middle of what the round brought: reading, writing, flushing, committing.
            await service.ReadAsync(service.Id, random.Next(2) == 0 ? "entry" : "copy", expected.Count - random.Next(10, PerRound));
            expected.AddRange(Packets.Generate(inbox, PerRound, first: round * PerRound));
            await killAndStart(service);
        }
        var entry = await service.ReadAsync(service.Id, "entry", expected.Count, seconds: 120);
        ((long)entry["read"]!).ShouldBe(expected.Count, "counters survive with the position that they belong to");
        var copy = await service.ReadAsync(service.Id, "copy", expected.Count, seconds: 120);
        ((long)copy["read"]!).ShouldBe(expected.Count, "copies of records in the topic are not read twice");
        await service.OrderAsync(service.Id, "stop");
        await service.StateAsync(service.Id, "Stopped");

        Check(Path.Combine(service.Data, "direct"), expected);
        Check(Path.Combine(service.Data, "out"), expected);
        if (rounds >= 10 && victim == "the service")
            ((long)copy["copies"]!).ShouldBeGreaterThan(0, "some of the kills came between a topic's confirm and the position's commit");
        output.WriteLine($"{victim} killed {rounds} times: {expected.Count} records, {copy["copies"]} copies dropped behind the topic");
    }

    private static void Check(string folder, List<long> expected)
    {
        var found = Packets.Candids(folder);
        expected.Except(found).ShouldBeEmpty($"nothing is lost in {folder}");
        found.GroupBy(c => c).Where(g => g.Count() > 1).ShouldBeEmpty($"nothing is twice in {folder}");
        found.Count.ShouldBe(expected.Count);
        Directory.GetFiles(folder, "*.part").ShouldBeEmpty();
    }

    private static string Yaml(string id) => $$"""
        name: {{id}}
        components:
          buffer:
            type: stream-buffer
            topics: { {{id}}.alerts: { partitions: 2 } }
          entry:
            type: processing-node
            source: { folder: in }
            sinks: { alerts: { topic: {{id}}.alerts }, files: { folder: direct } }
            checkpoint: { every: 200ms, records: 25 }
          copy:
            type: processing-node
            instances: 2
            source: { topic: {{id}}.alerts }
            sinks: { files: { folder: out } }
            checkpoint: { every: 200ms, records: 25 }
        """;
}
