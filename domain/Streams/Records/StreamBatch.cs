using System.Buffers;

namespace Conductor.Domain.Streams.Records;

/// <summary>
/// Records of one partition in offset order, in pooled buffers. Whoever reads a batch disposes it, after the last use of any
/// record's bytes.
/// </summary>
public sealed class StreamBatch : IDisposable
{
    private StreamRecord[]? _records;
    private readonly List<RecordSlab> _slabs;
    private readonly int _count;

    internal StreamBatch(StreamRecord[] records, int count, List<RecordSlab> slabs) => (_records, _count, _slabs) = (records, count, slabs);

    /// <summary>The records.</summary>
    public ReadOnlyMemory<StreamRecord> Records => new(_records ?? throw new ObjectDisposedException(nameof(StreamBatch)), 0, _count);

    /// <summary>How many records there are; never 0.</summary>
    public int Count => _count;

    /// <summary>Where reading goes on after this batch.</summary>
    public long NextOffset => Records.Span[^1].Offset + 1;

    /// <inheritdoc />
    public void Dispose()
    {
        if (_records is null) return;
        foreach (var slab in _slabs) slab.Release();
        ArrayPool<StreamRecord>.Shared.Return(_records, clearArray: true);
        _records = null;
    }
}
