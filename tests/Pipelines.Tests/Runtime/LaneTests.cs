using Conductor.Alerts;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Conductor.Pipelines.Runtime;

namespace Conductor.Pipelines.Tests.Runtime;

public sealed class LaneTests
{
    private const int Count = 40;
    private static readonly byte[] Packet = MakePacket();

    [Fact]
    public async Task A_record_that_a_sink_can_never_take_is_a_dead_letter_and_the_others_pass()
    {
        var (good, strict) = (new SinkInMemory("good"), new SinkInMemory("strict", r => r.Offset == 12 ? new BadRecordException("too large", 3) : null));
        var lane = new LaneUnderTest(Partition(), LostPositionPolicy.Earliest, good, strict);
        (await lane.RunAsync()).ShouldBeEmpty();
        good.Held.ShouldBe(Offsets());
        strict.Held.ShouldBe(Offsets().Where(o => o != 12));
        var letter = lane.Letters.All.ShouldHaveSingleItem();
        (letter.Offset, letter.Bytes, letter.Headers["conductor-reason"], letter.Headers["conductor-component"])
            .ShouldBe((12, Packet.Length, "too large", "p/n/strict"));
        lane.Counters.ShouldBe(new RecordCounters(Count - 1, 0, 1, (2 * Count) - 1, 0));
    }

    [Fact]
    public async Task The_source_is_told_the_last_position_when_a_lane_ends_and_not_each()
    {
        var partition = Partition();
        var lane = new LaneUnderTest(partition, LostPositionPolicy.Earliest, new SinkInMemory("s"));
        (await lane.RunAsync()).ShouldBeEmpty();
        partition.Committed.ShouldBe([Count]);
    }

    [Fact]
    public async Task A_record_that_makes_a_sink_fail_is_a_dead_letter_after_three_attempts_and_nothing_is_written_twice()
    {
        var good = new SinkInMemory("good");
        var faulty = new SinkInMemory("faulty", r => r.Offset == 25 ? new InvalidOperationException("it broke") : null);
        var lane = new LaneUnderTest(Partition(), LostPositionPolicy.Earliest, good, faulty);
        (await lane.RunAsync()).Count.ShouldBe(3);
        good.Held.ShouldBe(Offsets());
        faulty.Held.ShouldBe(Offsets().Where(o => o != 25));
        lane.Letters.All.ShouldHaveSingleItem().Headers["conductor-reason"].ShouldBe("InvalidOperationException: it broke");
        lane.Counters.ShouldBe(new RecordCounters(Count - 1, 0, 1, (2 * Count) - 1, 0));
    }

    [Fact]
    public async Task A_sink_that_is_away_for_a_while_makes_no_dead_letters_and_the_others_get_every_record_once()
    {
        var outages = 5;
        var good = new SinkInMemory("good");
        var full = new SinkInMemory("full", r => r.Offset >= 13 && outages-- > 0 ? new IOException("no space left on device") : null);
        var lane = new LaneUnderTest(Partition(Broken(20)), LostPositionPolicy.Earliest, good, full);
        (await lane.RunAsync()).ShouldAllBe(e => e.Message == "sink 'full': no space left on device");
        good.Held.ShouldBe(Offsets().Where(o => o != 20));
        full.Held.ShouldBe(Offsets().Where(o => o != 20));
        lane.Letters.All.ShouldHaveSingleItem("one that cannot be decoded, told once").Offset.ShouldBe(20);
        lane.Counters.ShouldBe(new RecordCounters(Count - 1, 0, 1, 2 * (Count - 1), 0));
    }

    [Fact]
    public async Task A_record_that_its_source_cannot_make_out_is_a_dead_letter()
    {
        var lane = new LaneUnderTest(Partition(Record(3) with { Fault = "its header is no time" }), LostPositionPolicy.Earliest, new SinkInMemory("s"));
        (await lane.RunAsync()).ShouldBeEmpty();
        lane.Letters.All.ShouldHaveSingleItem().Headers["conductor-reason"].ShouldBe("its header is no time");
    }

    [Fact]
    public async Task A_dead_letter_that_the_broker_cannot_take_whole_is_cut_and_says_so_and_texts_are_short()
    {
        var huge = Record(3) with { Value = new byte[2_000_000], Fault = new string('x', 200_000) };
        var lane = new LaneUnderTest(Partition(huge), LostPositionPolicy.Earliest, new SinkInMemory("s"));
        (await lane.RunAsync()).ShouldBeEmpty();
        var letter = lane.Letters.All.ShouldHaveSingleItem();
        (letter.Bytes, letter.Headers["conductor-original-bytes"], letter.Headers["conductor-reason"].Length).ShouldBe((1_000_000, "2000000", 2_048));
    }

    [Fact]
    public async Task A_dead_letter_keeps_the_headers_and_the_time_of_its_record_within_a_limit()
    {
        var produced = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
        RecordHeader[] own = [RecordHeader.Of("count", "7") with { Typed = 7L }, RecordHeader.Of(RecordHeaderNames.Reason, "of an earlier failure")];
        var lane = new LaneUnderTest(Partition(Broken(3) with { Headers = own, Timestamp = produced }), LostPositionPolicy.Earliest, new SinkInMemory("s"));
        (await lane.RunAsync()).ShouldBeEmpty();
        var headers = lane.Letters.All.ShouldHaveSingleItem().Headers;
        (headers["count"], headers["conductor-produced-at"], headers["conductor-reason"]).ShouldBe(("7", "2026-03-04T05:06:07.0000000+00:00", "it is broken"));

        own = [.. Enumerable.Range(0, 100).Select(i => new RecordHeader($"h{i:D2}", new byte[1000]))];
        lane = new LaneUnderTest(Partition(Broken(3) with { Headers = own }), LostPositionPolicy.Earliest, new SinkInMemory("s"));
        (await lane.RunAsync()).ShouldBeEmpty();
        headers = lane.Letters.All.ShouldHaveSingleItem().Headers;
        (headers.ContainsKey("h64"), headers.ContainsKey("h65"), headers["conductor-headers-left-out"]).ShouldBe((true, false, "35"));
    }

    [Fact]
    public async Task Tombstones_and_records_that_are_no_packets_pass_a_node_that_need_not_read_them()
    {
        foreach (var value in new[] { Array.Empty<byte>(), "no container"u8.ToArray() })
        {
            var sink = new SinkInMemory("s");
            var lane = new LaneUnderTest(Partition(Record(3) with { Value = value, Key = new byte[] { 1 } }), LostPositionPolicy.Earliest, sink);
            (await lane.RunAsync()).ShouldBeEmpty();
            sink.Held.ShouldBe(Offsets());
            lane.Letters.All.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Records_that_retention_removed_are_counted_and_told_and_the_rest_is_read()
    {
        var sink = new SinkInMemory("s");
        var lane = new LaneUnderTest(Partition(first: 600), LostPositionPolicy.Earliest, sink) { Checkpoints = { Saved = At(56) } };
        (await lane.RunAsync()).ShouldBeEmpty();
        sink.Held.Count.ShouldBe(Count);
        lane.Counters.Lost.ShouldBe(544);
        lane.Status.LostPosition.ShouldBe("retention has removed the records from offset 56 on; the oldest that is kept is 600; it went on at 600");
        lane.Checkpoints.Saved!.Counters.Lost.ShouldBe(544);
    }

    [Fact]
    public async Task What_was_read_before_the_source_broke_off_is_kept_for_it_may_never_be_there_again()
    {
        var sink = new SinkInMemory("s");
        var lane = new LaneUnderTest(new PartitionInMemory([.. Offsets().Select(Record)]) { BreaksOff = true }, LostPositionPolicy.Earliest, sink);
        (await lane.RunAsync(starts: 1)).ShouldHaveSingleItem().ShouldBeOfType<StreamUnavailableException>();
        sink.Held.Count.ShouldBe(PartitionInMemory.PerBatch);
        lane.Checkpoints.Saved!.NextOffset.ShouldBe(PartitionInMemory.PerBatch);
    }

    [Fact]
    public async Task A_topic_that_was_made_again_is_read_from_its_beginning_under_another_name_for_its_sinks()
    {
        var sink = new SinkInMemory("s");
        var lane = new LaneUnderTest(Partition(), LostPositionPolicy.Earliest, sink) { Checkpoints = { Saved = At(500) } };
        (await lane.RunAsync()).ShouldBeEmpty();
        sink.Held.ShouldBe(Offsets());
        sink.Opened.Select(o => o.Source).Distinct().ShouldBe(["t", "t~1"], "what the sink holds of the former topic must not swallow this one's");
        lane.Checkpoints.Saved!.Rewinds.ShouldBe(1);
    }

    [Fact]
    public async Task A_topic_that_was_made_again_is_told_by_its_generation_even_where_it_holds_the_offset()
    {
        var sink = new SinkInMemory("s");
        var partition = new PartitionInMemory([.. Offsets().Select(Record)]) { Generation = 2 };
        var lane = new LaneUnderTest(partition, LostPositionPolicy.Earliest, sink) { Checkpoints = { Saved = At(Count) with { Generation = 1 } } };
        (await lane.RunAsync()).ShouldBeEmpty();
        sink.Held.ShouldBe(Offsets());
        (lane.Checkpoints.Saved!.Generation, lane.Checkpoints.Saved.Rewinds, lane.Counters.Lost).ShouldBe((2, 1, 0));
    }

    [Fact]
    public async Task By_policy_a_lost_position_goes_on_at_the_end_or_ends_the_run()
    {
        var sink = new SinkInMemory("s");
        var latest = new LaneUnderTest(Partition(first: 600), LostPositionPolicy.Latest, sink) { Checkpoints = { Saved = At(56) } };
        (await latest.RunAsync()).ShouldBeEmpty();
        (sink.Held.Count, latest.Counters.Lost).ShouldBe((0, 584));
        var stop = new LaneUnderTest(Partition(first: 600), LostPositionPolicy.Stop, sink) { Checkpoints = { Saved = At(56) } };
        (await stop.RunAsync(starts: 1)).ShouldHaveSingleItem().ShouldBeOfType<RunEndsException>().Message.ShouldStartWith(
            "partition 0 of t: retention has removed");
    }

    [Fact]
    public async Task A_record_that_goes_round_through_the_dead_letters_ends_there()
    {
        var tired = Broken(3) with { Headers = [RecordHeader.Of(RecordHeaderNames.Hops, "50")] };
        var lane = new LaneUnderTest(new PartitionInMemory([tired], "p.dead-letters"), LostPositionPolicy.Earliest, new SinkInMemory("s"));
        (await lane.RunAsync()).ShouldBeEmpty();
        lane.Letters.All.ShouldBeEmpty();
        lane.Counters.DeadLettered.ShouldBe(1);
    }

    private static PartitionInMemory Partition(StreamRecord? instead = null, long first = 0) =>
        new([.. Enumerable.Range(0, Count).Select(i => instead?.Offset == first + i ? instead.Value : Record(first + i))]);

    private static IEnumerable<long> Offsets() => Enumerable.Range(0, Count).Select(i => (long)i);

    private static StreamRecord Record(long offset) => new() { Value = Packet, Offset = offset };

    private static StreamRecord Broken(long offset) => Record(offset) with { Fault = "it is broken" };

    private static Checkpoint At(long next) => new(next, default, new Dictionary<string, long>());

    private static byte[] MakePacket()
    {
        var generator = new AlertGenerator(AlertSchemas.Ztf, 7);
        return generator.Packet(generator.Generate(0, new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero))).ToArray();
    }
}
