using Conductor.Domain.Streams.Processing;

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
        chain.Process(default).ShouldBe(ProcessorAnswer.Skip);
        asked.ShouldBe(["first", "second"]);
    }

    [Fact]
    public void A_record_passes_when_every_processor_passes_it()
    {
        var asked = new List<string>();
        new ProcessorChain([new Step("first", ProcessorAnswer.Pass, asked), new Step("second", ProcessorAnswer.Pass, asked)], f => new Reader(f))
            .Process(default)
            .ShouldBe(ProcessorAnswer.Pass);
        asked.ShouldBe(["first", "second"]);
    }

    [Fact]
    public void Without_processors_the_packet_is_still_decoded()
    {
        var reader = new Reader([]);
        new ProcessorChain([], _ => reader).Process(default).ShouldBe(ProcessorAnswer.Pass);
        reader.Reads.ShouldBe(1);
    }

    private sealed class Step(string name, ProcessorAnswer answer, List<string> asked) : IRecordProcessor
    {
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
