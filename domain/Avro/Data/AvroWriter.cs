using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Conductor.Domain.Avro.Data;

/// <summary>Writes the primitive values of Avro's binary encoding.</summary>
public sealed class AvroWriter(IBufferWriter<byte> output)
{
    private const int LongestVarint = 10;

    /// <summary>One byte.</summary>
    public void WriteBoolean(bool value)
    {
        output.GetSpan(1)[0] = value ? (byte)1 : (byte)0;
        output.Advance(1);
    }

    /// <summary>A zig-zag number; ints are written alike.</summary>
    public void WriteLong(long value)
    {
        var span = output.GetSpan(LongestVarint);
        var rest = (ulong)((value << 1) ^ (value >> 63));
        var length = 0;
        for (; rest >= 0x80; rest >>= 7) span[length++] = (byte)(rest | 0x80);
        span[length++] = (byte)rest;
        output.Advance(length);
    }

    /// <summary>4 bytes.</summary>
    public void WriteFloat(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(output.GetSpan(sizeof(float)), value);
        output.Advance(sizeof(float));
    }

    /// <summary>8 bytes.</summary>
    public void WriteDouble(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(output.GetSpan(sizeof(double)), value);
        output.Advance(sizeof(double));
    }

    /// <summary>A length, then the bytes.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteLong(value.Length);
        output.Write(value);
    }

    /// <summary>A length in bytes, then the text in UTF-8.</summary>
    public void WriteString(ReadOnlySpan<char> value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        WriteLong(length);
        Encoding.UTF8.GetBytes(value, output.GetSpan(length));
        output.Advance(length);
    }

    /// <summary>The bytes alone.</summary>
    public void WriteFixed(ReadOnlySpan<byte> value) => output.Write(value);
}
