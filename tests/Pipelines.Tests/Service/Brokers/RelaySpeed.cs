using System.Diagnostics;
using System.Globalization;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;
using Conductor.Engines;

namespace Conductor.Pipelines.Tests.Service.Brokers;

/// <summary>
/// Real packets from a topic through a filter to a topic (<c>./bench stream</c>): CONDUCTOR_PACKETS of them (40,000), on Kafka with transactions and
/// without, and on RabbitMQ.
/// </summary>
[Integration]
[Collection(nameof(KafkaCollection))]
public sealed class RelaySpeed(PostgresServer postgres, RabbitMqServer rabbitMq, KafkaServer kafka, ITestOutputHelper output)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Explicit = true)]
    // The first round warms the broker up.
    [InlineData("kafka", true, 0)]
    [InlineData("kafka", true, 1)]
    [InlineData("kafka", false, 1)]
    [InlineData("kafka", true, 2)]
    [InlineData("kafka", false, 2)]
    [InlineData("kafka", true, 3)]
    [InlineData("kafka", false, 3)]
    [InlineData("rabbitmq", false, 1)]
    public async Task Real_packets_from_topic_to_topic(string broker, bool hasTransactions, int round)
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("CONDUCTOR_PACKETS") ?? "40000", CultureInfo.InvariantCulture);
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq, ("ConnectionStrings__kafka", kafka.ConnectionString));
        await using var brokers = new TestBrokers(service, rabbitMq.ConnectionString, kafka.ConnectionString);
        (await service.RegisterAsync(Yaml(service.Id, broker, hasTransactions))).EnsureSuccessStatusCode();
        await brokers[broker].EnsureTopicAsync(new($"{service.Id}.in", 2), Cancel);
        await FillAsync(brokers[broker], $"{service.Id}.in", count);
        await service.OrderAsync(service.Id, "start");
        // A service that has just started compiles its code: a quarter of the packets warms it up.
        var before = await ReadAsync(service, count / 4);
        var used = service.ProcessorTime;
        var clock = Stopwatch.StartNew();
        var measured = await ReadAsync(service, count) - before;
        var seconds = clock.Elapsed.TotalSeconds;
        output.WriteLine($"{broker}{(hasTransactions ? " with transactions" : "")}, round {round}: {measured} packets, {measured / seconds:F0}/s, "
            + $"{(service.ProcessorTime - used).TotalMicroseconds / measured:F0} µs of the service's processor each");
        await service.OrderAsync(service.Id, "stop");
        foreach (var topic in new[] { "in", "out" }) await brokers[broker].DeleteTopicAsync($"{service.Id}.{topic}", Cancel);
    }

    private static async Task<long> ReadAsync(PipelineService service, long count) =>
        (long)(await service.ReadAsync(service.Id, "filter", count, seconds: 600))["read"]!;

    private static async Task FillAsync(IStreamBroker broker, string topic, int count)
    {
        var packets = Packets.Real().Select(File.ReadAllBytes).ToArray();
        await using var producer = await broker.OpenProducerAsync(topic, Cancel);
        for (var i = 0; i < count; i++)
            await producer.ProduceAsync(new[] { new StreamRecord { Key = BitConverter.GetBytes(i), Value = packets[i % packets.Length] } }, Cancel);
        await producer.FlushAsync(Cancel);
    }

    private static string Yaml(string id, string broker, bool hasTransactions) => $$"""
        name: {{id}}
        broker: {{broker}}
        components:
          buffer: { type: stream-buffer, topics: { {{id}}.in: { partitions: 2 }, {{id}}.out: { partitions: 2 } } }
          filter:
            type: processing-node
            instances: 2
            transactions: {{(hasTransactions ? "true" : "false")}}
            source: { topic: {{id}}.in }
            processors: { bright: { class: threshold, params: { field: candidate.magpsf, max: 30 } } }
            sinks: { out: { topic: {{id}}.out } }
        """;
}
