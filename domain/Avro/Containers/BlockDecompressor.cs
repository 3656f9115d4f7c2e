using System.IO.Compression;
using System.Runtime.InteropServices;
using Conductor.Domain.Avro.Data;

namespace Conductor.Domain.Avro.Containers;

/// <summary>Decompresses blocks into one buffer that grows as needed and is kept.</summary>
internal sealed class BlockDecompressor(int maxSize)
{
    private byte[] _buffer = [];

    public static bool Supports(string codec) => codec is "null" or "deflate";

    public ReadOnlyMemory<byte> Decompress(string codec, ReadOnlyMemory<byte> block, long offset) =>
        codec == "null" ? block : Inflate(block, offset);

    /// <summary>Deflate is RFC 1951 without any envelope.</summary>
    private ReadOnlyMemory<byte> Inflate(ReadOnlyMemory<byte> block, long offset)
    {
        if (!MemoryMarshal.TryGetArray(block, out var array)) array = block.ToArray();
        try
        {
            using var input = new MemoryStream(array.Array!, array.Offset, array.Count, writable: false);
            using var inflater = new DeflateStream(input, CompressionMode.Decompress);
            var length = 0;
            while (true)
            {
                Grow(length, block.Length, offset);
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

    private void Grow(int length, int compressed, long offset)
    {
        if (length < _buffer.Length) return;
        if (length >= maxSize) throw new AvroDataException($"a block takes more than {maxSize} bytes when it is decompressed", offset);
        var wanted = Math.Max(Math.Max(4096L, compressed * 4L), _buffer.Length * 2L);
        Array.Resize(ref _buffer, (int)Math.Min(wanted, maxSize));
    }
}
