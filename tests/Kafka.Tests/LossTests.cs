using Conductor.Domain.Streams.Brokers;
using Conductor.Engines;
using Conductor.StreamContract;
using Confluent.Kafka;
using static Conductor.StreamContract.Steps;

namespace Conductor.Kafka.Tests;

/// <summary>Positions that a partition does not hold, and topics that are made again under their name.</summary>
[Integration]
public sealed class LossTests(KafkaBroker underTest, KafkaServer kafka) : IClassFixture<KafkaBroker>
{
    [Fact]
    public async Task A_position_that_retention_has_removed_is_told_with_what_is_left()
    {
        var (broker, topic) = await TenRecordsAsync();
        await using var member = new RunningMember(await broker.JoinAsync(topic, topic, "m"));
        var reader = await member.FirstAsync();
        await DeleteBeforeAsync(topic, 6);
        var lost = await Should.ThrowAsync<LostPositionException>(() => reader.ReadAsync(2, Soon()).TakeAsync(1));
        (lost.Wanted, lost.Held, lost.BeganAnew).ShouldBe((2, new PartitionRange(0, 6, 10), false));
        (await reader.ReadAsync(6, Soon()).TakeAsync(1))[0].ShouldBe(("6", 6L));
    }

    [Fact]
    public async Task A_position_behind_the_end_is_told_and_the_end_itself_is_none()
    {
        var (broker, topic) = await TenRecordsAsync();
        await using var member = new RunningMember(await broker.JoinAsync(topic, topic, "m"));
        var reader = await member.FirstAsync();
        var lost = await Should.ThrowAsync<LostPositionException>(() => reader.ReadAsync(500, Soon()).TakeAsync(1));
        (lost.Held.Next, lost.BeganAnew).ShouldBe((10, true));
        var next = reader.ReadAsync(10, Soon()).TakeAsync(1);
        await broker.ProduceAsync(topic, ["next"]);
        (await next)[0].Value.ShouldBe("next");
    }

    [Fact]
    public async Task A_topic_that_was_made_again_is_another_generation_to_a_reader_that_goes_on()
    {
        var (broker, topic) = await TenRecordsAsync();
        int before;
        await using (var member = new RunningMember(await broker.JoinAsync(topic, topic, "m")))
            before = await (await member.FirstAsync()).GenerationAsync(Soon());
        await broker.DeleteTopicAsync(topic, Soon());
        await broker.EnsureTopicAsync(new(topic), Soon());
        await broker.ProduceAsync(topic, Enumerable.Range(0, 20).Select(i => $"{i}"));
        await using var next = new RunningMember(await broker.JoinAsync(topic, topic, "m"));
        (await (await next.FirstAsync()).GenerationAsync(Soon())).ShouldNotBe(before);
    }

    private async Task<(IStreamBroker Broker, string Topic)> TenRecordsAsync()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        await broker.ProduceAsync(topic, Enumerable.Range(0, 10).Select(i => $"{i}"));
        return (broker, topic);
    }

    // As retention does, at once.
    private async Task DeleteBeforeAsync(string topic, long offset)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.ConnectionString }).Build();
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, offset)]);
    }
}
