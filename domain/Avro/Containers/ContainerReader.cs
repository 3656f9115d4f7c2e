using System.Buffers;
using Conductor.Domain.Avro.Data;

namespace Conductor.Domain.Avro.Containers;

/// <summary>
/// Reads one container file after the other; keeps its buffer from file to file. For one thread.
/// What it gives out is valid until the next block is read.
/// </summary>
public sealed class ContainerReader(ContainerHeaderCache headers, int maxBlockSize = ContainerReader.DefaultMaxBlockSize)
{
    /// <summary>A block that takes more than 64 MiB when it is decompressed is refused, also one that grows beyond <see cref="Inflation"/>'s limit.</summary>
    public const int DefaultMaxBlockSize = 64 * 1024 * 1024;

    /// <summary>A file may hold so many values without any bytes, and one more for each of its bytes.</summary>
    private const int EmptyValues = 1000;

    private readonly BlockDecompressor _decompressor = new(maxBlockSize);
    private ReadOnlyMemory<byte> _file;
    private int _position;
    private long _left;
    private long _empty;
    private int _datum;

    /// <summary>The open file's header.</summary>
    public ContainerHeader Header { get; private set; } = null!;

    /// <summary>Number of the current block in the file, from 0.</summary>
    public int BlockIndex { get; private set; }

    /// <summary>How many values the current block holds.</summary>
    public long BlockCount { get; private set; }

    /// <summary>Whether the file ends with the current block.</summary>
    public bool IsLastBlock => _position == _file.Length;

    /// <summary>The current block's values, decompressed.</summary>
    public ReadOnlyMemory<byte> Block { get; private set; }

    /// <summary>What offsets into the block count from: the block's place in the file, or 0 where it was compressed.</summary>
    public long BlockOrigin { get; private set; }

    /// <summary>Starts with a file.</summary>
    /// <exception cref="AvroDataException">It is no container file, its schema is not valid, or its codec is not supported.</exception>
    public void Open(ReadOnlyMemory<byte> file)
    {
        Header = headers.Read(file.Span);
        if (!BlockDecompressor.Supports(Header.Codec)) throw new AvroDataException($"codec \"{Header.Codec}\" is not supported (null and deflate are)", 0);
        _file = file;
        _position = Header.Length;
        (_left, _empty) = (0, 0);
        _decompressor.Release();
        Block = default;
        BlockIndex = -1;
    }

    /// <summary>Starts with a file whose bytes may lie in pieces.</summary>
    public void Open(in ReadOnlySequence<byte> file) => Open(file.IsSingleSegment ? file.First : file.ToArray());

    /// <summary>Goes to the next block; false at the end of the file.</summary>
    /// <exception cref="AvroDataException">The file is truncated or corrupt.</exception>
    public bool ReadBlock()
    {
        if (_position == _file.Length) return false;
        var reader = new AvroReader(_file.Span[_position..], _position);
        BlockCount = reader.ReadLong();
        if (BlockCount < 0) throw new AvroDataException($"a block cannot hold {BlockCount} values", _position);
        var size = reader.ReadSized().Length;
        var start = _position + reader.Position - size;
        CheckSync(reader, start + size);
        Block = _decompressor.Decompress(Header.Codec, _file.Slice(start, size), start);
        BlockOrigin = Header.Codec == "null" ? start : 0;
        CheckCount(start);
        _position = start + size + ContainerHeader.SyncLength;
        BlockIndex++;
        _left = BlockCount;
        _datum = 0;
        return true;
    }

    /// <summary>
    /// The next value of the current block; false after its last. A value alone in its block is given without looking into it; others are walked through
    /// to find where they end.
    /// </summary>
    /// <exception cref="AvroDataException">The block does not hold what it announces.</exception>
    public bool ReadDatum(out ReadOnlyMemory<byte> datum)
    {
        datum = default;
        if (_left == 0) return false;
        var rest = Block[_datum..];
        datum = BlockCount == 1 ? rest : rest[..Header.Extents.Read(rest.Span, [], BlockOrigin + _datum).Consumed];
        _datum += datum.Length;
        if (--_left == 0 && _datum != Block.Length)
            throw new AvroDataException($"{Block.Length - _datum} bytes are left after a block's last value", BlockOrigin + _datum);
        return true;
    }

    private void CheckSync(in AvroReader reader, int at)
    {
        if (reader.Remaining < ContainerHeader.SyncLength) throw new AvroDataException("the file ends inside a block's sync marker", at);
        var sync = _file.Span.Slice(Header.Length - ContainerHeader.SyncLength, ContainerHeader.SyncLength);
        if (!_file.Span.Slice(at, ContainerHeader.SyncLength).SequenceEqual(sync))
            throw new AvroDataException("a block does not end in the file's sync marker", at);
    }

    private void CheckCount(int start)
    {
        var least = Header.Schema.LeastSize;
        if (BlockCount > (least == 0 ? EmptyValues + _file.Length - _empty : Block.Length / least))
            throw new AvroDataException($"a block of {Block.Length} bytes announces {BlockCount} values", start);
        if (least == 0) _empty += BlockCount;
    }
}
