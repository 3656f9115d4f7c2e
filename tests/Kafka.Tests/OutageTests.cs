using System.Collections.Concurrent;
using Conductor.Domain.Streams.Brokers;
using Conductor.Engines;
using Conductor.StreamContract;
using static Conductor.StreamContract.Steps;

namespace Conductor.Kafka.Tests;

/// <summary>A broker that dies and comes again, under a producer and a member of a group.</summary>
[Integration]
public sealed class OutageTests(KafkaServer kafka) : IClassFixture<KafkaServer>
{
    [Fact]
    public async Task A_producer_hears_of_the_brokers_death_and_members_go_on_by_themselves_when_it_is_back()
    {
        using var broker = new KafkaStreamBroker(
            new KafkaStreamOptions { BootstrapServers = kafka.ConnectionString, Lease = TimeSpan.FromSeconds(6) }, TimeProvider.System);
        var topic = await broker.NewTopicAsync(2);
        await broker.ProduceAsync(topic, Enumerable.Range(0, 100).Select(i => $"{i}"));
        var seen = new ConcurrentDictionary<string, int>();
        await using var member = new RunningMember(await broker.JoinAsync(topic, topic, "m"), seen);
        await UntilAsync(() => Task.FromResult(seen.Count == 100), "all records are read");

        await using var producer = await broker.OpenProducerAsync(topic, Soon());
        kafka.Kill();
        (await Should.ThrowAsync<StreamUnavailableException>(async () =>
        {
            await producer.ProduceAsync(new[] { Record("lost or not", "k") }, Soon());
            await producer.FlushAsync(Soon());
        })).Broker.ShouldBe("kafka");
        await Should.ThrowAsync<StreamUnavailableException>(() => broker.PingAsync(Soon()));

        await kafka.StartAsync(Soon(60));
        await UntilAsync(async () =>
        {
            await broker.ProduceAsync(topic, Enumerable.Range(100, 100).Select(i => $"{i}"));
            return true;
        }, "records are taken again");
        await using var next = new RunningMember(await broker.JoinAsync(topic, topic, "next"), seen);
        await UntilAsync(() => Task.FromResult(Enumerable.Range(0, 200).All(i => seen.ContainsKey($"{i}"))), "all records are read");
    }
}
