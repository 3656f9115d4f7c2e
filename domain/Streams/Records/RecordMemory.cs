using System.Buffers;
using System.Runtime.InteropServices;

namespace Conductor.Domain.Streams.Records;

/// <summary>
/// Pooled memory for the bytes of records: many records share a slab, and a slab goes back to the pool when the last batch that has records in it is
/// disposed. Copying into it is the one copy that a record's bytes see. Not thread-safe.
/// </summary>
public sealed class RecordMemory
{
    private const int SlabSize = 256 * 1024;
    private RecordSlab? _slab;
    private RecordSlab? _before;
    private int _used;

    /// <summary>
    /// Copies bytes. Key and value of a record are copied one after the other, and added to a <see cref="StreamBatchBuilder"/> before those of the next.
    /// </summary>
    public RecordBytes Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return default;
        // A large value has a slab to itself, beside the one that is still being filled.
        if (bytes.Length > SlabSize / 4) return Copy(bytes, new RecordSlab(bytes.Length), 0);
        if (_slab is null || SlabSize - _used < bytes.Length) Next();
        var copied = Copy(bytes, _slab!, _used);
        _used += bytes.Length;
        return copied;
    }

    // What is being filled is held here, too, and so is the one before: it may have the key to a value that comes into the next, which no batch holds yet.
    private void Next()
    {
        _before?.Release();
        (_before, _slab, _used) = (_slab, new RecordSlab(SlabSize), 0);
        _slab.Hold();
    }

    private static RecordBytes Copy(ReadOnlySpan<byte> bytes, RecordSlab slab, int at)
    {
        var memory = slab.Memory.Slice(at, bytes.Length);
        bytes.CopyTo(memory.Span);
        return new(memory, slab);
    }
}

/// <summary>Bytes of a record in a <see cref="RecordMemory"/>.</summary>
/// <param name="Memory">The bytes.</param>
/// <param name="Slab">What they lie in; null where there are none.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RecordBytes(ReadOnlyMemory<byte> Memory, RecordSlab? Slab);

/// <summary>An array that batches share; the pool gets it back from the last of them.</summary>
public sealed class RecordSlab
{
    // The pool keeps what it is given: an array for a larger value is left to the collector.
    private const int LargestPooled = 1024 * 1024;
    private readonly byte[] _bytes;
    private int _holders;

    internal RecordSlab(int size) =>
        _bytes = size > LargestPooled ? GC.AllocateUninitializedArray<byte>(size) : ArrayPool<byte>.Shared.Rent(size);

    internal Memory<byte> Memory => _bytes;

    internal void Hold() => Interlocked.Increment(ref _holders);

    internal void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0 && _bytes.Length <= LargestPooled) ArrayPool<byte>.Shared.Return(_bytes);
    }
}
