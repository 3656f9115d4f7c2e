using System.IO.Compression;
using System.Runtime.InteropServices;
using Conductor.Domain.Avro.Data;

namespace Conductor.Domain.Avro.Containers;

/// <summary>
/// Decompresses blocks into one buffer, which is kept until <see cref="Release"/>. What becomes large is measured first, so that data made to grow
/// without end take no memory.
/// </summary>
internal sealed class BlockDecompressor(int maxSize)
{
    /// <summary>A larger buffer is not kept from file to file.</summary>
    private const int Kept = 1024 * 1024;

    private byte[] _buffer = [];

    public static bool Supports(string codec) => codec is "null" or "deflate";

    public ReadOnlyMemory<byte> Decompress(string codec, ReadOnlyMemory<byte> block, long offset) =>
        codec == "null" ? block : Inflate(block, offset);

    /// <summary>Gives up a large buffer; what was decompressed is not valid any more.</summary>
    public void Release()
    {
        if (_buffer.Length > Kept) _buffer = [];
    }

    /// <summary>Deflate is RFC 1951 without any envelope.</summary>
    private ReadOnlyMemory<byte> Inflate(ReadOnlyMemory<byte> block, long offset)
    {
        if (!MemoryMarshal.TryGetArray(block, out var array)) array = block.ToArray();
        try
        {
            using var inflater = Open(array);
            for (var length = 0; ;)
            {
                if (length == _buffer.Length && !Grow(block.Length)) return InflateLarge(array, offset);
                var read = inflater.Read(_buffer, length, _buffer.Length - length);
                if (read == 0) return _buffer.AsMemory(0, length);
                length += read;
            }
        }
        catch (InvalidDataException e)
        {
            throw new AvroDataException($"a block cannot be decompressed: {e.Message}", offset, e);
        }
    }

    private bool Grow(int compressed)
    {
        if (_buffer.Length >= Kept) return false;
        Array.Resize(ref _buffer, (int)Math.Min(Kept, Math.Max(Math.Max(4096L, compressed * 4L), _buffer.Length * 2L)));
        return true;
    }

    private Memory<byte> InflateLarge(ArraySegment<byte> block, long offset)
    {
        var limit = Inflation.Limit(block.Count, maxSize);
        var length = Measure(block, limit);
        if (length > limit) throw new AvroDataException($"a block of {block.Count} bytes takes more than {limit} when it is decompressed", offset);
        if (_buffer.Length < length) _buffer = GC.AllocateUninitializedArray<byte>((int)length);
        using var inflater = Open(block);
        inflater.ReadExactly(_buffer, 0, (int)length);
        return _buffer.AsMemory(0, (int)length);
    }

    /// <summary>How many bytes there are, as far as they are allowed.</summary>
    private static long Measure(ArraySegment<byte> block, long limit)
    {
        Span<byte> passing = stackalloc byte[8192];
        using var inflater = Open(block);
        long length = 0;
        while (length <= limit && inflater.Read(passing) is var read and > 0) length += read;
        return length;
    }

    private static DeflateStream Open(ArraySegment<byte> block) =>
        new(new MemoryStream(block.Array!, block.Offset, block.Count, writable: false), CompressionMode.Decompress);
}
