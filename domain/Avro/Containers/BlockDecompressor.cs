using System.IO.Compression;
using System.Runtime.InteropServices;
using Conductor.Domain.Avro.Data;

namespace Conductor.Domain.Avro.Containers;

/// <summary>Decompresses blocks into one buffer that grows as needed; it is kept until <see cref="Release"/>.</summary>
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
        var limit = (int)Inflation.Limit(block.Length, maxSize);
        try
        {
            using var input = new MemoryStream(array.Array!, array.Offset, array.Count, writable: false);
            using var inflater = new DeflateStream(input, CompressionMode.Decompress);
            var length = 0;
            while (true)
            {
                Grow(length, block.Length, limit, offset);
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

    private void Grow(int length, int compressed, int limit, long offset)
    {
        if (length < _buffer.Length) return;
        if (length >= limit)
        {
            Release();
            throw new AvroDataException($"a block of {compressed} bytes takes more than {limit} when it is decompressed", offset);
        }

        var wanted = Math.Max(Math.Max(4096L, compressed * 4L), _buffer.Length * 2L);
        Array.Resize(ref _buffer, (int)Math.Min(wanted, limit));
    }
}
