using System.Buffers;

namespace Conductor.Domain.Streams.Records;

/// <summary>Collects records of one partition. Not thread-safe.</summary>
/// <param name="memory">Where their bytes are copied to; several builders may share it, on one thread.</param>
public sealed class StreamBatchBuilder(RecordMemory memory)
{
    private StreamRecord[] _records = [];
    private List<RecordSlab> _slabs = [];
    private int _count;

    /// <summary>A builder with a memory of its own.</summary>
    public StreamBatchBuilder() : this(new RecordMemory())
    {
    }

    /// <summary>How many records have been added since the last <see cref="Build"/>.</summary>
    public int Count => _count;

    /// <summary>Bytes of keys and values that have been added since the last <see cref="Build"/>.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds a record, copying its key and value; headers are kept as they are.</summary>
    public void Add(in StreamRecord record) => Add(record, memory.Copy(record.Key.Span), memory.Copy(record.Value.Span));

    /// <summary>Adds a record whose key and value have been copied already; those of the record itself are not looked at.</summary>
    public void Add(in StreamRecord record, RecordBytes key, RecordBytes value)
    {
        if (_count == _records.Length) Grow();
        _records[_count++] = record with { Key = key.Memory, Value = value.Memory };
        Bytes += key.Memory.Length + value.Memory.Length;
        Hold(key.Slab);
        Hold(value.Slab);
    }

    /// <summary>Hands over what was added. The builder is empty afterwards and can be used again.</summary>
    /// <exception cref="InvalidOperationException">Nothing was added.</exception>
    public StreamBatch Build()
    {
        if (_count == 0) throw new InvalidOperationException("a batch holds at least one record");
        var batch = new StreamBatch(_records, _count, _slabs);
        (_records, _slabs, _count, Bytes) = ([], [], 0, 0);
        return batch;
    }

    // Most records lie in the slab of the one before, or, beside a large value, in that before it.
    private void Hold(RecordSlab? slab)
    {
        if (slab is null || (_slabs.Count > 0 && ReferenceEquals(_slabs[^1], slab)) || (_slabs.Count > 1 && ReferenceEquals(_slabs[^2], slab))) return;
        slab.Hold();
        _slabs.Add(slab);
    }

    private void Grow()
    {
        var larger = ArrayPool<StreamRecord>.Shared.Rent(Math.Max(64, _records.Length * 2));
        _records.AsSpan(0, _count).CopyTo(larger);
        if (_records.Length > 0) ArrayPool<StreamRecord>.Shared.Return(_records, clearArray: true);
        _records = larger;
    }
}
