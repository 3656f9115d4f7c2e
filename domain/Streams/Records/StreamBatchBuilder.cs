using System.Buffers;

namespace Conductor.Domain.Streams.Records;

/// <summary>Collects records into pooled buffers; the one copy that their bytes see. Not thread-safe.</summary>
public sealed class StreamBatchBuilder
{
    /// <summary>The pool keeps what it is given: a buffer for a larger value is left to the collector.</summary>
    internal const int LargestPooled = 1024 * 1024;

    private const int SlabSize = 256 * 1024;
    private StreamRecord[] _records = [];
    private List<byte[]> _slabs = [];
    private int _count;
    private int _used = SlabSize;

    /// <summary>How many records have been added since the last <see cref="Build"/>.</summary>
    public int Count => _count;

    /// <summary>Bytes of keys and values that have been added since the last <see cref="Build"/>.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds a record, copying its key and value; headers are kept as they are.</summary>
    public void Add(in StreamRecord record)
    {
        if (_count == _records.Length) Grow();
        _records[_count++] = record with { Key = Copy(record.Key.Span), Value = Copy(record.Value.Span) };
        Bytes += record.Key.Length + record.Value.Length;
    }

    /// <summary>Hands over what was added. The builder is empty afterwards and can be used again.</summary>
    /// <exception cref="InvalidOperationException">Nothing was added.</exception>
    public StreamBatch Build()
    {
        if (_count == 0) throw new InvalidOperationException("a batch holds at least one record");
        var batch = new StreamBatch(_records, _count, _slabs);
        (_records, _slabs, _count, _used, Bytes) = ([], [], 0, SlabSize, 0);
        return batch;
    }

    private Memory<byte> Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return default;
        var memory = Take(bytes.Length);
        bytes.CopyTo(memory.Span);
        return memory;
    }

    private Memory<byte> Take(int length)
    {
        if (length > SlabSize / 4)
        {
            // A large value has an array to itself, in front of the slab that is still being filled.
            var own = length > LargestPooled ? GC.AllocateUninitializedArray<byte>(length) : ArrayPool<byte>.Shared.Rent(length);
            _slabs.Insert(0, own);
            return own.AsMemory(0, length);
        }
        if (SlabSize - _used < length)
        {
            _slabs.Add(ArrayPool<byte>.Shared.Rent(SlabSize));
            _used = 0;
        }
        var memory = _slabs[^1].AsMemory(_used, length);
        _used += length;
        return memory;
    }

    private void Grow()
    {
        var larger = ArrayPool<StreamRecord>.Shared.Rent(Math.Max(64, _records.Length * 2));
        _records.AsSpan(0, _count).CopyTo(larger);
        if (_records.Length > 0) ArrayPool<StreamRecord>.Shared.Return(_records, clearArray: true);
        _records = larger;
    }
}
