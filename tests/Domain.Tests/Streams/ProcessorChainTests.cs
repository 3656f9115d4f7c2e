using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.Domain.Tests.Streams;

public sealed class ProcessorChainTests
{
    [Fact]
    public void Skip_leaves_the_list()
    {
        var asked = new List<string>();
        var chain = new ProcessorChain(
            [new Step("first", ProcessorAnswer.Pass, asked), new Step("second", ProcessorAnswer.Skip, asked), new Step("third", ProcessorAnswer.Pass, asked)],
            f => new Reader(f));
        chain.Process(Record).ShouldBe(ProcessorAnswer.Skip);
        asked.ShouldBe(["first", "second"]);
    }

    [Fact]
    public void A_record_passes_when_every_processor_passes_it()
    {
        var asked = new List<string>();
        new ProcessorChain([new Step("first", ProcessorAnswer.Pass, asked), new Step("second", ProcessorAnswer.Pass, asked)], f => new Reader(f))
            .Process(Record)
            .ShouldBe(ProcessorAnswer.Pass);
        asked.ShouldBe(["first", "second"]);
    }

    [Fact]
    public void What_nobody_looks_into_passes_unread_unless_a_sink_needs_packets()
    {
        var reader = new Reader([]);
        new ProcessorChain([], _ => reader).Process(Record).ShouldBe(ProcessorAnswer.Pass);
        reader.Reads.ShouldBe(0);
        new ProcessorChain([], _ => reader, needsPackets: true).Process(Record).ShouldBe(ProcessorAnswer.Pass);
        reader.Reads.ShouldBe(1);
    }

    [Fact]
    public void A_tombstone_passes_unread_unless_a_processor_or_a_sink_says_otherwise()
    {
        var asked = new List<string>();
        Step passing = new("a", ProcessorAnswer.Skip, asked), skipping = new("b", ProcessorAnswer.Pass, asked) { Tombstone = ProcessorAnswer.Skip };
        var tombstone = new StreamRecord { Key = new byte[] { 1 }, Value = default };
        new ProcessorChain([passing], f => new Reader(f)).Process(tombstone).ShouldBe(ProcessorAnswer.Pass);
        new ProcessorChain([passing, skipping], f => new Reader(f)).Process(tombstone).ShouldBe(ProcessorAnswer.Skip);
        new ProcessorChain([passing, skipping], f => new Reader(f), needsPackets: true).Process(tombstone).ShouldBe(ProcessorAnswer.Skip);
        Should.Throw<BadRecordException>(() => new ProcessorChain([passing], f => new Reader(f), needsPackets: true).Process(tombstone))
            .Message.ShouldContain("no value");
        asked.ShouldBeEmpty();
    }

    [Fact]
    public void What_the_source_could_not_read_is_a_bad_record_with_its_reason()
    {
        var record = Record with { Fault = "its time is none" };
        Should.Throw<BadRecordException>(() => new ProcessorChain([], f => new Reader(f)).Process(record)).Message.ShouldBe("its time is none");
    }

    private static StreamRecord Record => new() { Value = new byte[] { 1 } };

    private sealed class Step(string name, ProcessorAnswer answer, List<string> asked) : IRecordProcessor
    {
        public ProcessorAnswer Tombstone { get; init; }

        public IReadOnlyList<string> Fields { get; } = ["field." + name];

        public ProcessorAnswer Process(ReadOnlySpan<FieldValue> values)
        {
            values.Length.ShouldBe(1);
            System.Text.Encoding.UTF8.GetString(values[0].Text.Span).ShouldBe(Fields[0], "a processor sees its own fields");
            asked.Add(name);
            return answer;
        }
    }

    private sealed class Reader(IReadOnlyList<string> fields) : IPacketReader
    {
        public int Reads { get; private set; }

        public void Read(ReadOnlyMemory<byte> packet, Span<FieldValue> values)
        {
            Reads++;
            for (var i = 0; i < fields.Count; i++) values[i] = FieldValue.Of(System.Text.Encoding.UTF8.GetBytes(fields[i]));
        }
    }
}
