using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Conductor.Domain.Avro.Containers;

namespace Conductor.Files.AvroFiles;

/// <summary>A file that is being written, under its final name and <c>.part</c>.</summary>
internal sealed class PartFile : IDisposable
{
    private readonly FileStream _file;
    private readonly BlockBuffer _buffer = new();
    private readonly ContainerWriter _container;
    private readonly ContainerCodec _codec;
    private readonly FilePositions _positions;
    private readonly byte[] _sync;
    private long _written;

    public PartFile(string finished, string schema, ContainerCodec codec, FilePositions positions, long openedAt)
    {
        (Finished, Schema, _codec, _positions, OpenedAt) = (finished, schema, codec, positions, openedAt);
        // The same records give the same bytes; the digest of a name does not occur in data by chance.
        _sync = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFileName(finished)))[..16];
        _container = Container(_buffer, positions);
        _file = new FileStream(Part, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
    }

    public string Finished { get; }

    public string Part => Finished + ".part";

    /// <summary>The text of the schema of all that it holds; replaced by an equal one that is compared faster.</summary>
    public string Schema { get; set; }

    public long OpenedAt { get; }

    /// <summary>Number of the record that was appended last, among all of the writer's.</summary>
    public long UsedAt { get; private set; }

    public int Count { get; private set; }

    public long Length => _written + _buffer.WrittenCount + _container.PendingBytes;

    /// <summary>How much of it the fence knows, and so will survive.</summary>
    public long Committed { get; private set; }

    public bool IsDirty => Length > Committed;

    public void Append(ReadOnlySpan<byte> datum, int blockBytes, long number)
    {
        _container.Append(datum);
        Count++;
        UsedAt = number;
        if (_container.PendingBytes >= blockBytes) EndBlock();
    }

    /// <summary>Writes what is left and the position that the file stands for; on return all of it is on disk.</summary>
    public void Save(long next)
    {
        EndBlock();
        var header = new ArrayBufferWriter<byte>();
        Container(header, _positions with { Next = next });
        _file.Position = 0;
        _file.Write(header.WrittenSpan);
        _file.Position = _written;
        _file.Flush(flushToDisk: true);
    }

    /// <summary>Notes that the fence knows of all that it holds.</summary>
    public void Commit() => Committed = Length;

    /// <summary>Gives up what has been written since the last commit.</summary>
    public void Truncate()
    {
        _file.SetLength(Committed);
        _file.Flush(flushToDisk: true);
    }

    /// <summary>Closes the file; it stays as it is.</summary>
    public void Dispose() => _file.Dispose();

    private void EndBlock()
    {
        _container.EndBlock();
        _file.Write(_buffer.WrittenMemory.Span);
        _written += _buffer.WrittenCount;
        _buffer.Clear();
    }

    private ContainerWriter Container(IBufferWriter<byte> output, FilePositions positions) =>
        new(output, Schema, _codec, _sync, [new(FilePositions.MetadataKey, positions.ToMetadata())]);
}
