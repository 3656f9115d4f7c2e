using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Conductor.Domain.Avro.Data;

/// <summary>
/// Reads the primitive values of Avro's binary encoding from a span, in order. Every length is checked against what is left before it is used.
/// </summary>
public ref struct AvroReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly long _origin;
    private int _position;
    private long _values;

    /// <summary>Reads from the start of the bytes; errors count their offsets from <paramref name="origin"/>.</summary>
    public AvroReader(ReadOnlySpan<byte> bytes, long origin = 0)
    {
        _bytes = bytes;
        _origin = origin;
    }

    /// <summary>How many bytes have been read.</summary>
    public readonly int Position => _position;

    /// <summary>How many bytes are left.</summary>
    public readonly int Remaining => _bytes.Length - _position;

    /// <summary>An error at the current position.</summary>
    public readonly AvroDataException Fault(string fault) => new(fault, _origin + _position);

    /// <summary>
    /// Counts a value that holds others, or may take no bytes. Their number is bounded by what has been read, so that no data cost more than a factor of
    /// their size.
    /// </summary>
    /// <exception cref="AvroDataException">There are more than 1,000, and 16 for each byte.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void CountValue()
    {
        if (++_values > 1000 + (16L * _position)) throw TooManyValues();
    }

    /// <summary>Goes on elsewhere in the same bytes.</summary>
    internal void MoveTo(int position) => _position = position;

    /// <summary>The byte at the current position, or 255 at the end.</summary>
    internal readonly byte Peek() => _position < _bytes.Length ? _bytes[_position] : byte.MaxValue;

    /// <summary>One byte, which must be 0 or 1.</summary>
    public bool ReadBoolean()
    {
        var value = Take(1)[0];
        if (value > 1) throw new AvroDataException($"a boolean is 0 or 1, not {value}", _origin + _position - 1);
        return value == 1;
    }

    /// <summary>A zig-zag number of at most 32 bits.</summary>
    public int ReadInt()
    {
        var start = _position;
        var value = ReadLong();
        if ((int)value != value) throw new AvroDataException($"{value} does not fit an int", _origin + start);
        return (int)value;
    }

    /// <summary>A zig-zag number of at most 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadLong()
    {
        if (_position < _bytes.Length && _bytes[_position] < 0x80)
        {
            var small = _bytes[_position++];
            return (small >> 1) ^ -(small & 1);
        }

        var value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>4 bytes.</summary>
    public float ReadFloat() => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

    /// <summary>8 bytes.</summary>
    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    /// <summary>A length and that many bytes: <c>bytes</c>, or the UTF-8 of a <c>string</c>. Points into what is read; nothing is copied.</summary>
    public ReadOnlySpan<byte> ReadSized() => Take(ReadLength());

    /// <summary>That many bytes.</summary>
    public ReadOnlySpan<byte> ReadFixed(int size) => Take(size);

    /// <summary>Passes over that many bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int size)
    {
        if ((uint)size > (uint)Remaining) throw Truncated(size);
        _position += size;
    }

    /// <summary>Passes over a value with a length in front.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SkipSized() => Skip(ReadLength());

    /// <summary>Passes over numbers.</summary>
    public void SkipVarints(int count)
    {
        var bytes = _bytes;
        var position = _position;
        for (; count > 0; count--)
        {
            if ((uint)position < (uint)bytes.Length && bytes[position] < 0x80)
            {
                position++;
                continue;
            }

            _position = position;
            ReadVarint();
            position = _position;
        }

        _position = position;
    }

    /// <summary>Passes over unions of null and a value of that size.</summary>
    internal void SkipNullable(int count, byte nullBranch, int size)
    {
        var bytes = _bytes;
        var position = _position;
        for (; count > 0; count--)
        {
            // Branches are 0 and 1, written as 0 and 2; whatever looks different takes the slow way.
            if ((uint)position >= (uint)bytes.Length || bytes[position] is not (0 or 2) || bytes.Length - position - 1 < size) break;
            position += bytes[position] == nullBranch << 1 ? 1 : 1 + size;
        }

        _position = position;
        for (; count > 0; count--) Skip(ReadBranch(2) == nullBranch ? 0 : size);
    }

    /// <summary>
    /// The head of a block of an array or a map: how many items follow (0 ends the value), and how many bytes they take, or -1 where that is not written.
    /// </summary>
    public long ReadBlockHead(out int size)
    {
        var start = _position;
        size = -1;
        var count = ReadLong();
        if (count >= 0) return count;
        if (count == long.MinValue) throw new AvroDataException("a block cannot hold that many items", _origin + start);
        size = ReadLength();
        return -count;
    }

    /// <summary>The index of a union's branch.</summary>
    public int ReadBranch(int branches)
    {
        var start = _position;
        var index = ReadLong();
        if ((ulong)index >= (ulong)branches) throw new AvroDataException($"branch {index} of a union of {branches}", _origin + start);
        return (int)index;
    }

    private int ReadLength()
    {
        var start = _position;
        var length = ReadLong();
        if (length < 0) throw new AvroDataException($"a length cannot be negative ({length})", _origin + start);
        if (length > Remaining) throw new AvroDataException($"{length} bytes are announced, {Remaining} are left", _origin + start);
        return (int)length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Take(int size)
    {
        if ((uint)size > (uint)Remaining) throw Truncated(size);
        var taken = _bytes.Slice(_position, size);
        _position += size;
        return taken;
    }

    private readonly AvroDataException TooManyValues() => Fault($"more than {_values - 1} values are announced in {_position} bytes");

    private readonly AvroDataException Truncated(int size) => Fault($"{size} bytes are needed, {Remaining} are left");

    private ulong ReadVarint()
    {
        var start = _position;
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_position >= _bytes.Length) throw new AvroDataException("the bytes end inside a number", _origin + start);
            var b = _bytes[_position++];
            // The tenth byte has room for one bit.
            if (shift == 63 && b > 1) break;
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }

        throw new AvroDataException("a number has more than 64 bits", _origin + start);
    }
}
