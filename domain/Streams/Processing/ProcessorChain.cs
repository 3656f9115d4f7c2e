namespace Conductor.Domain.Streams.Processing;

/// <summary>The processors of a node, in order, over one packet. Not thread-safe: it reuses the room for the fields' values.</summary>
public sealed class ProcessorChain
{
    private readonly IPacketReader _reader;
    private readonly (IRecordProcessor Processor, int First, int Count)[] _steps;
    private readonly FieldValue[] _values;

    /// <summary>Makes a chain.</summary>
    /// <param name="processors">Asked in this order.</param>
    /// <param name="readerOf">Makes a reader of the fields that all processors together look at.</param>
    public ProcessorChain(IEnumerable<IRecordProcessor> processors, Func<IReadOnlyList<string>, IPacketReader> readerOf)
    {
        var fields = new List<string>();
        var steps = new List<(IRecordProcessor, int, int)>();
        foreach (var processor in processors)
        {
            steps.Add((processor, fields.Count, processor.Fields.Count));
            fields.AddRange(processor.Fields);
        }
        _steps = [.. steps];
        _values = new FieldValue[fields.Count];
        _reader = readerOf(fields);
    }

    /// <summary>Asks the processors; the first that skips ends the list.</summary>
    /// <exception cref="BadRecordException">The packet cannot be decoded; also thrown when there is no processor to ask.</exception>
    public ProcessorAnswer Process(ReadOnlyMemory<byte> packet)
    {
        _reader.Read(packet, _values);
        foreach (var (processor, first, count) in _steps)
        {
            if (processor.Process(_values.AsSpan(first, count)) == ProcessorAnswer.Skip) return ProcessorAnswer.Skip;
        }
        return ProcessorAnswer.Pass;
    }
}
