using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using static Conductor.StreamContract.Steps;

namespace Conductor.StreamContract;

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

    [Fact]
    public async Task No_value_is_not_an_empty_value()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        await broker.ProduceAsync(topic, new StreamRecord { Key = "k"u8.ToArray(), Value = default, IsNull = true }, new StreamRecord { Value = default });
        var read = await broker.RecordsAsync(topic, 2);
        read.ConvertAll(r => (r.IsNull, r.Value.Length)).ShouldBe([(true, 0), (false, 0)]);
    }

    [Fact]
    public async Task Headers_keep_their_types_their_order_and_their_emptiness()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        RecordHeader[] headers =
        [
            RecordHeader.Of("text", "grüße"), Typed("yes", true), Typed("int", -70_000), Typed("long", long.MaxValue), Typed("double", 0.1),
            RecordHeader.Of("empty", ""), Typed("nothing", RecordHeader.NoValue),
        ];
        await broker.ProduceAsync(topic, new StreamRecord { Value = new byte[1], Headers = headers });
        var read = (await broker.RecordsAsync(topic, 1))[0];
        read.Fault.ShouldBeNull();
        read.Headers.Select(h => h.Name).Order(StringComparer.Ordinal).ShouldBe(headers.Select(h => h.Name).Order(StringComparer.Ordinal));
        foreach (var header in headers)
        {
            var found = read.Headers.Single(h => h.Name == header.Name);
            found.Typed.ShouldBe(header.Typed, header.Name);
            if (header.Typed is null) found.Value.ToArray().ShouldBe(header.Value.ToArray(), header.Name);
        }
    }

    [Fact]
    public async Task Headers_of_ours_that_are_not_as_we_write_them_make_a_bad_record()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        await broker.ProduceAsync(topic,
            new StreamRecord { Value = new byte[1], Headers = [RecordHeader.Of(RecordHeaderNames.DedupeId, "no offset")] }, Record("good"));
        var read = await broker.RecordsAsync(topic, 2);
        read[0].Fault.ShouldBe("the header conductor-dedupe-id is not origin@offset: no offset");
        read[1].Fault.ShouldBeNull();
    }

    [Fact]
    public async Task Records_of_ten_megabytes_pass_between_small_ones()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        var large = new byte[10_000_000];
        new Random(9).NextBytes(large);
        await broker.ProduceAsync(topic, Record("before"), new StreamRecord { Value = large }, new StreamRecord { Value = large }, Record("after"));
        var read = await broker.RecordsAsync(topic, 4);
        read.ConvertAll(r => r.Value.Length).ShouldBe([6, 10_000_000, 10_000_000, 5]);
        read[2].Value.Span.SequenceEqual(large).ShouldBeTrue();
    }

    [Fact]
    public async Task A_record_that_is_larger_than_the_broker_takes_is_refused_and_the_producer_goes_on()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        await using var producer = await broker.OpenProducerAsync(topic, Soon());
        await producer.ProduceAsync(new[] { Record("a") }, Soon());
        var tooLarge = new StreamRecord { Value = new byte[140_000_000] };
        (await Should.ThrowAsync<BadRecordException>(() => producer.ProduceAsync(new[] { tooLarge }, Soon()).AsTask()))
            .Message.ShouldStartWith("it has 140000000 bytes, and ");
        await producer.ProduceAsync(new[] { Record("b") }, Soon());
        await producer.FlushAsync(Soon());
        (await broker.ReadAsync(topic, new StreamPosition.Beginning(), 2)).Select(r => r.Value).ShouldBe(["a", "b"]);
    }

    private static RecordHeader Typed(string name, object value) => new(name, default) { Typed = value };
}
