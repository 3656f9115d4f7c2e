using Conductor.Engines;
using Conductor.Testing;

namespace Conductor.Pipelines.Tests.Service.Brokers;

/// <summary>
/// <c>kill -9</c> of the service, of the broker or of the database, at random, under a pipeline that carries records from topic to topic: nothing is lost,
/// nothing is twice, and each key's records stay in their order. Rounds: CONDUCTOR_KILL_ROUNDS (3).
/// </summary>
[Integration]
[Collection(nameof(KafkaCollection))]
public sealed class RelayKillTests(PostgresServer postgres, RabbitMqServer rabbitMq, KafkaServer kafka, ITestOutputHelper output)
{
    private const int PerRound = 2_000;
    private const int Service = 0;
    private const int Broker = 1;
    private const int Database = 2;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("kafka", "kafka")]
    [InlineData("rabbitmq", "rabbitmq")]
    [InlineData("kafka", "rabbitmq")]
    public async Task Kills_at_random_lose_nothing_double_nothing_and_keep_the_order_of_keys(string from, string to)
    {
        var rounds = KillSettings.Rounds(3);
        var random = new Random(20261130);
        var settings = ("ConnectionStrings__kafka", kafka.ConnectionString);
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq, settings);
        await using var brokers = new TestBrokers(service, rabbitMq.ConnectionString, kafka.ConnectionString);
        await service.BeginAsync(Yaml(service.Id, from, to), service.Id);
        // A RabbitMQ that is killed within half a second of its first stream forgets that there are streams (docs/operations.md): one round in peace.
        await brokers.ProduceAsync(from, $"{service.Id}.in", 0, PerRound, Cancel);
        await service.ReadAsync(service.Id, "relay", PerRound);
        var victims = Enumerable.Range(0, rounds).Select(round => round % 3).OrderBy(_ => random.Next()).ToList();
        for (var round = 1; round <= rounds; round++)
        {
            await brokers.ProduceAsync(from, $"{service.Id}.in", round * PerRound, PerRound, Cancel);
            await service.ReadAsync(service.Id, "relay", (round * PerRound) + random.Next(PerRound));
            if (victims[round - 1] == Service)
            {
                service.Kill();
                await service.StartAsync(settings);
            }
            else if (victims[round - 1] == Database) await postgres.KillAndStartAsync(Cancel);
            else await KillAsync(random.Next(2) == 0 ? from : to);
            await service.ReadAsync(service.Id, "relay", (round + 1) * PerRound, seconds: 180);
        }
        var all = (rounds + 1) * PerRound;
        var counters = await service.ReadAsync(service.Id, "relay", all);
        ((long)counters["read"]!, (long)counters["passed"]!).ShouldBe((all, all));
        await service.OrderAsync(service.Id, "stop");
        await service.StateAsync(service.Id, "Stopped");
        counters = await service.ReadAsync(service.Id, "relay", all);
        ((long)counters["read"]!).ShouldBe(all, "counters survive with the position that they belong to");

        var (byKey, copies) = await brokers.ReadAsync(to, $"{service.Id}.out", all, Cancel);
        Enumerable.Range(0, all).Except(byKey.Values.SelectMany(numbers => numbers)).ShouldBeEmpty("nothing is lost");
        foreach (var numbers in byKey.Values) numbers.ShouldBeInOrder();
        byKey.Values.SelectMany(numbers => numbers).Order().ShouldBe(Enumerable.Range(0, all));
        if (from == "kafka" && to == "kafka") copies.ShouldBe(0, "a reader of committed records sees each once");
        output.WriteLine($"{from} to {to}: {victims.Count(v => v == Service)} kills of the service, {victims.Count(v => v == Database)} of the database, "
            + $"{victims.Count(v => v == Broker)} of a broker; {all} records, each once, {copies} copies told by their ids");
    }

    private Task KillAsync(string broker) => broker == "kafka" ? kafka.KillAndStartAsync(Cancel) : rabbitMq.KillAndStartAsync(Cancel);

    private static string Yaml(string id, string from, string to) => $$"""
        name: {{id}}
        components:
          in: { type: stream-buffer, broker: {{from}}, topics: { {{id}}.in: { partitions: 3 } } }
          out: { type: stream-buffer, broker: {{to}}, topics: { {{id}}.out: { partitions: 2 } } }
          relay:
            type: processing-node
            instances: 2
            source: { topic: {{id}}.in, broker: {{from}} }
            sinks: { out: { topic: {{id}}.out, broker: {{to}} } }
            checkpoint: { every: 200ms, records: 100 }
        """.Replace("name:", from == to ? $"broker: {from}\nname:" : "name:", StringComparison.Ordinal);
}
