using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Avro.Data;
using Microsoft.Win32.SafeHandles;

namespace Conductor.Files.Folders;

/// <summary>Reads container files with one block in memory at a time. For one thread.</summary>
internal sealed class BlockFile(ContainerHeaderCache headers, int maxBlockBytes)
{
    private const int FirstRead = 64 * 1024;
    private const int LongestHeader = (2 * 1024 * 1024) + 16;
    private const int LongestBlockHead = 20;
    private const int ChunkBytes = 4 * 1024 * 1024;
    private const int Sync = 16;
    private readonly ContainerReader _reader = new(headers);

    /// <summary>The header of the file that is being read.</summary>
    public ContainerHeader Header => _reader.Header;

    /// <summary>A file's bytes, or as many as it has by now.</summary>
    public static byte[] ReadWhole(SafeFileHandle file, int length)
    {
        var bytes = new byte[length];
        var read = Read(file, bytes, 0);
        return read == length ? bytes : bytes[..read];
    }

    /// <summary>The header of a file, of which no more is read than needed.</summary>
    /// <exception cref="AvroDataException">It is not the beginning of a container file.</exception>
    public static ContainerHeader HeaderOf(SafeFileHandle file, ContainerHeaderCache headers)
    {
        for (var size = FirstRead; ; size *= 4)
        {
            var beginning = ReadWhole(file, Math.Min(size, LongestHeader));
            try
            {
                return headers.Read(beginning);
            }
            catch (AvroDataException e) when (beginning.AsSpan().StartsWith("Obj\u0001"u8) && beginning.Length == Math.Min(size, LongestHeader))
            {
                // It may only be cut off here.
                if (size >= LongestHeader) throw new AvroDataException($"no header of at most {LongestHeader} bytes: {e.Fault}", e.Offset, e);
            }
        }
    }

    /// <summary>The values one after the other, each valid until the next is asked for.</summary>
    /// <exception cref="AvroDataException">The file is damaged, or one of its blocks is larger than may be in memory.</exception>
    public IEnumerable<ReadOnlyMemory<byte>> Values(SafeFileHandle file, long length, CancellationToken cancellationToken)
    {
        var header = ReadWhole(file, HeaderOf(file, headers).Length);
        long count = 0;
        for (long at = header.Length; at < length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var blocks = ReadBlocks(file, header, at, length);
            _reader.Open(blocks);
            while (_reader.ReadBlock())
            {
                if ((count += _reader.BlockCount) > 1000 + length) throw new AvroDataException($"{length} bytes announce {count} values and more", at);
                while (_reader.ReadDatum(out var datum)) yield return datum;
            }

            at += blocks.Length - header.Length;
        }
    }

    /// <summary>The header, and as many whole blocks as fit into a chunk behind it, or a larger one alone: a small file of its own.</summary>
    private ReadOnlyMemory<byte> ReadBlocks(SafeFileHandle file, byte[] header, long at, long length)
    {
        var size = (int)Math.Min(ChunkBytes, length - at);
        var chunk = new byte[header.Length + size];
        var read = Read(file, chunk.AsSpan(header.Length), at);
        var whole = WholeBlocks(chunk.AsSpan(header.Length, read));
        if (whole == 0)
        {
            whole = BlockSize(chunk.AsSpan(header.Length, read), at);
            if (at + whole > length) throw new AvroDataException("the file ends inside a block", at);
            chunk = new byte[header.Length + whole];
            if (Read(file, chunk.AsSpan(header.Length), at) < whole) throw new AvroDataException("the file ends inside a block", at);
        }

        header.CopyTo(chunk, 0);
        return chunk.AsMemory(0, header.Length + whole);
    }

    private int WholeBlocks(ReadOnlySpan<byte> chunk)
    {
        var whole = 0;
        while (chunk.Length - whole > LongestBlockHead && BlockSize(chunk[whole..], whole) is var size && size <= chunk.Length - whole) whole += size;
        return whole;
    }

    private int BlockSize(ReadOnlySpan<byte> block, long at)
    {
        var reader = new AvroReader(block, at);
        reader.ReadLong();
        var size = reader.ReadLong();
        return size >= 0 && size <= maxBlockBytes
            ? reader.Position + (int)size + Sync
            : throw new AvroDataException($"a block of {size} bytes; at most {maxBlockBytes} are read at once", at);
    }

    private static int Read(SafeFileHandle file, Span<byte> bytes, long at)
    {
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(file, bytes[read..], at + read) is var more and > 0) read += more;
        return read;
    }
}
