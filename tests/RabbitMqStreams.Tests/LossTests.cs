using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Conductor.Engines;
using Conductor.StreamContract;
using RabbitMQ.Client;
using static Conductor.StreamContract.Steps;

namespace Conductor.RabbitMqStreams.Tests;

/// <summary>What RabbitMQ says nothing of: removed records, positions behind the end, deleted queues, messages that are too large.</summary>
[Integration]
public sealed class LossTests(RabbitMqBroker underTest, RabbitMqServer rabbitMq) : IClassFixture<RabbitMqBroker>
{
    [Fact]
    public async Task Age_removes_records_and_a_group_that_was_overtaken_is_told()
    {
        var broker = await underTest.GetAsync();
        var topic = new TopicSpecification("t" + Guid.NewGuid().ToString("N"), 1, TimeSpan.FromSeconds(1));
        await broker.EnsureTopicAsync(topic, Soon());
        await using var member = new RunningMember(await broker.JoinAsync(topic.Name, "g", "m"));
        var reader = await member.FirstAsync();
        var some = Enumerable.Repeat(Record(new string('x', 100_000)), 12).ToArray();
        var first = 0L;
        await UntilAsync(async () =>
        {
            await broker.ProduceAsync(topic.Name, some);
            // The broker fails a reader from whom it takes the segment that he opens.
            first = (await broker.RangesAsync(topic.Name, Soon()))[0].First;
            return first > 5;
        }, "retention removes the oldest records");

        var lost = await Should.ThrowAsync<LostPositionException>(() => reader.ReadAsync(5, Soon()).TakeAsync(1));
        (lost.Wanted, lost.Held.First >= first, lost.BeganAnew).ShouldBe((5, true, false));
        (await reader.ReadAsync(lost.Held.First, Soon()).TakeAsync(1))[0].Offset.ShouldBe(lost.Held.First);
    }

    [Fact]
    public async Task A_position_behind_the_end_is_told_and_the_end_itself_is_none()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        await broker.ProduceAsync(topic, ["a", "b", "c"]);
        await using var member = new RunningMember(await broker.JoinAsync(topic, "g", "m"));
        var reader = await member.FirstAsync();
        var lost = await Should.ThrowAsync<LostPositionException>(() => reader.ReadAsync(500, Soon()).TakeAsync(1));
        (lost.Held.First, lost.Held.Next, lost.BeganAnew).ShouldBe((0, 3, true));
        var next = reader.ReadAsync(3, Soon()).TakeAsync(1);
        await broker.ProduceAsync(topic, ["d"]);
        (await next)[0].Value.ShouldBe("d");
    }

    [Fact]
    public async Task Of_a_partition_that_retention_has_emptied_the_next_record_tells_what_was_lost()
    {
        var broker = await underTest.GetAsync();
        var topic = new TopicSpecification("t" + Guid.NewGuid().ToString("N"), 1, RetainBytes: 1_000_000);
        await broker.EnsureTopicAsync(topic, Soon());
        await using var member = new RunningMember(await broker.JoinAsync(topic.Name, "g", "m"));
        var reader = await member.FirstAsync();
        // One chunk fills more than all that is kept: behind it a new, empty segment begins.
        await broker.ProduceAsync(topic.Name, Record(new string('x', 2_000_000)), Record(new string('x', 2_000_000)));
        var reading = reader.ReadAsync(1, Soon()).TakeAsync(1);
        await broker.ProduceAsync(topic.Name, ["next"]);
        try
        {
            (await reading)[0].Offset.ShouldBeInRange(1, 2);
        }
        catch (LostPositionException lost)
        {
            (lost.Wanted, lost.BeganAnew).ShouldBe((1, false));
        }
    }

    [Fact]
    public async Task A_queue_that_was_deleted_is_made_again_for_a_producer_and_for_a_reader()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync(2);
        await broker.ProduceAsync(topic, Enumerable.Range(0, 20).Select(i => $"{i}"));
        await DeleteQueueAsync($"topic.{topic}.0");
        await UntilAsync(async () =>
        {
            await broker.ProduceAsync(topic, Enumerable.Range(0, 20).Select(i => $"again {i}"));
            return true;
        }, "records are taken again");
        await DeleteQueueAsync($"topic.{topic}.1");
        var waiting = broker.ReadAsync(topic, new StreamPosition.Beginning(), 1, partition: 1);
        await UntilAsync(async () => (await broker.RangesAsync(topic, Soon())).Count == 2, "the queue is there");
        await broker.ProduceAsync(topic, Enumerable.Range(0, 20).Select(i => $"{i}"));
        (await waiting).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_record_that_the_broker_cannot_take_is_refused_and_the_producer_goes_on()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        await using var producer = await broker.OpenProducerAsync(topic, Soon());
        var large = new StreamRecord { Value = new byte[140_000_000] };
        (await Should.ThrowAsync<BadRecordException>(async () => await producer.ProduceAsync(new[] { large }, Soon()))).Message
            .ShouldBe("it has 140000000 bytes, and RabbitMQ takes 134217728 at most");
        var talkative = Record("a") with { Headers = [RecordHeader.Of("h", new string('x', 200_000))] };
        (await Should.ThrowAsync<BadRecordException>(async () => await producer.ProduceAsync(new[] { talkative }, Soon()))).Message
            .ShouldStartWith("its key and headers have 200");
        await producer.ProduceAsync(new[] { Record("b") }, Soon());
        await producer.FlushAsync(Soon());
        (await broker.ReadAsync(topic, new StreamPosition.Beginning(), 1))[0].Value.ShouldBe("b");
    }

    private async Task DeleteQueueAsync(string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(rabbitMq.ConnectionString) }.CreateConnectionAsync(Soon());
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Soon());
        await channel.QueueDeleteAsync(queue, cancellationToken: Soon());
    }
}
