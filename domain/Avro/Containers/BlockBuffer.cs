using System.Buffers;

namespace Conductor.Domain.Avro.Containers;

/// <summary>Collects bytes again and again; what it took for much more than usual (1 MiB) is given back each time.</summary>
public sealed class BlockBuffer : IBufferWriter<byte>
{
    private const int Kept = 1024 * 1024;
    private ArrayBufferWriter<byte> _buffer = new();

    /// <summary>How many bytes have been written since it was cleared.</summary>
    public int WrittenCount => _buffer.WrittenCount;

    /// <summary>Those bytes, until it is cleared.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.WrittenMemory;

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        if (_buffer.Capacity > Kept) _buffer = new ArrayBufferWriter<byte>();
        else _buffer.ResetWrittenCount();
    }

    /// <inheritdoc/>
    public void Advance(int count) => _buffer.Advance(count);

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0) => _buffer.GetMemory(sizeHint);

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => _buffer.GetSpan(sizeHint);
}
