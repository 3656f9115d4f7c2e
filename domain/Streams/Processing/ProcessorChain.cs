using Conductor.Domain.Streams.Records;

namespace Conductor.Domain.Streams.Processing;

/// <summary>The processors of a node, in order, over one packet. Not thread-safe: it reuses the room for the fields' values.</summary>
public sealed class ProcessorChain
{
    private readonly IPacketReader? _reader;
    private readonly bool _needsPackets;
    private readonly (IRecordProcessor Processor, int First, int Count)[] _steps;
    private readonly FieldValue[] _values;

    /// <summary>Makes a chain.</summary>
    /// <param name="processors">Asked in this order.</param>
    /// <param name="readerOf">Makes a reader of the fields that all processors together look at.</param>
    /// <param name="needsPackets">Whether records that no processor looks into must be packets all the same, as for a sink that takes nothing else.</param>
    public ProcessorChain(IEnumerable<IRecordProcessor> processors, Func<IReadOnlyList<string>, IPacketReader> readerOf, bool needsPackets = false)
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
        _reader = fields.Count > 0 || needsPackets ? readerOf(fields) : null;
        _needsPackets = needsPackets;
    }

    /// <summary>Asks the processors; the first that skips ends the list. What no processor and no sink looks into passes unread.</summary>
    /// <exception cref="BadRecordException">The record cannot be read.</exception>
    public ProcessorAnswer Process(in StreamRecord record)
    {
        if (record.Fault is not null) throw new BadRecordException(record.Fault, 0);
        if (record.Value.IsEmpty) return ProcessTombstone();
        _reader?.Read(record.Value, _values);
        foreach (var (processor, first, count) in _steps)
        {
            if (processor.Process(_values.AsSpan(first, count)) == ProcessorAnswer.Skip) return ProcessorAnswer.Skip;
        }
        return ProcessorAnswer.Pass;
    }

    private ProcessorAnswer ProcessTombstone()
    {
        foreach (var (processor, _, _) in _steps)
        {
            if (processor.Tombstone == ProcessorAnswer.Skip) return ProcessorAnswer.Skip;
        }
        return _needsPackets ? throw new BadRecordException("it has no value, and a sink of this component takes values only", 0) : ProcessorAnswer.Pass;
    }
}
