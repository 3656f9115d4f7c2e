using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;
using static Conductor.RabbitMqStreams.Tests.Contract.Steps;

namespace Conductor.RabbitMqStreams.Tests.Contract;

public abstract class ProduceAndReadContract(IBrokerUnderTest underTest)
{
    [Fact]
    public async Task A_record_comes_back_byte_for_byte_with_key_headers_and_timestamp()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        var value = new byte[100_000];
        new Random(7).NextBytes(value);
        var at = new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero);
        await broker.ProduceAsync(topic, new StreamRecord
        {
            Key = new byte[] { 0, 1, 255 }, Value = value, Timestamp = at,
            Headers = [RecordHeader.Of("text", "grüße"), new("bytes", new byte[] { 0, 254 })],
        });
        await foreach (var batch in broker.ReadAsync(topic, 0, new StreamPosition.Beginning(), Soon()))
        {
            using var _ = batch;
            var record = batch.Records.Span[0];
            record.Key.ToArray().ShouldBe([0, 1, 255]);
            record.Value.Span.SequenceEqual(value).ShouldBeTrue();
            record.Timestamp.ShouldBe(at);
            record.Headers.Single(h => h.Name == "text").Text.ShouldBe("grüße");
            record.Headers.Single(h => h.Name == "bytes").Value.ToArray().ShouldBe([0, 254]);
            record.Headers.Count.ShouldBe(2);
            break;
        }
    }

    [Fact]
    public async Task An_empty_value_and_a_missing_key_come_back_empty()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        await broker.ProduceAsync(topic, new StreamRecord { Value = default });
        var batch = await broker.ReadAsync(topic, 0, new StreamPosition.Beginning(), Soon()).FirstAsync(Soon());
        using var _ = batch;
        batch.Records.Span[0].Value.Length.ShouldBe(0);
        batch.Records.Span[0].Key.Length.ShouldBe(0);
    }

    [Fact]
    public async Task Records_of_a_partition_keep_their_order_and_equal_keys_share_a_partition()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync(3);
        var records = Enumerable.Range(0, 3000).Select(i => Record($"{i % 50}:{i}", $"key {i % 50}")).ToArray();
        await broker.ProduceAsync(topic, records);
        var seen = new Dictionary<string, (int Partition, int Last)>();
        var total = 0;
        foreach (var range in await broker.RangesAsync(topic, Soon()))
        {
            var count = records.Count(r => Partitioner.PartitionOf(r.Key.Span, 3) == range.Partition);
            foreach (var (value, _) in await broker.ReadAsync(topic, new StreamPosition.Beginning(), count, range.Partition))
            {
                var parts = value.Split(':');
                var (key, number) = (parts[0], int.Parse(parts[1]));
                if (seen.TryGetValue(key, out var before))
                {
                    before.Partition.ShouldBe(range.Partition);
                    before.Last.ShouldBeLessThan(number);
                }
                seen[key] = (range.Partition, number);
                total++;
            }
        }
        total.ShouldBe(3000);
        seen.Values.Select(v => v.Partition).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task Offsets_grow_and_the_range_ends_behind_the_last_record()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        await broker.ProduceAsync(topic, Enumerable.Range(0, 500).Select(i => $"{i}"));
        var read = await broker.ReadAsync(topic, new StreamPosition.Beginning(), 500);
        read.Select(r => r.Offset).ShouldBeInOrder();
        read.Select(r => r.Offset).Distinct().Count().ShouldBe(500);
        (await broker.RangesAsync(topic, Soon())).ShouldBe([new(0, read[0].Offset, read[^1].Offset + 1)]);
    }

    [Fact]
    public async Task A_reader_at_the_end_waits_and_gets_only_what_comes_later()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        await broker.ProduceAsync(topic, ["old"]);
        var end = (await broker.RangesAsync(topic, Soon()))[0].Next;
        var waiting = broker.ReadAsync(topic, new StreamPosition.At(end), 1);
        waiting.IsCompleted.ShouldBeFalse();
        await broker.ProduceAsync(topic, ["new"]);
        (await waiting)[0].Value.ShouldBe("new");
    }
}
