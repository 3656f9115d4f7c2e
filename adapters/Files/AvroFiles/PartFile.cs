using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Conductor.Domain.Avro.Containers;

namespace Conductor.Files.AvroFiles;

/// <summary>A file that is being written, under its final name and <c>.part</c>.</summary>
internal sealed class PartFile : IDisposable
{
    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly ContainerWriter _container;
    private readonly ContainerCodec _codec;
    private readonly FilePositions _positions;
    private readonly byte[] _sync;
    private long _written;

    public PartFile(string finished, string schema, ContainerCodec codec, FilePositions positions)
    {
        (Finished, Schema, _codec, _positions) = (finished, schema, codec, positions);
        // The same records give the same bytes; the digest of a name does not occur in data by chance.
        _sync = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFileName(finished)))[..16];
        _container = Container(_buffer, positions);
        _file = new FileStream(Part, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
    }

    public string Finished { get; }

    public string Part => Finished + ".part";

    public string Schema { get; }

    public int Count { get; private set; }

    public long Length => _written + _buffer.WrittenCount + _container.PendingBytes;

    public void Append(ReadOnlySpan<byte> datum, int blockBytes)
    {
        _container.Append(datum);
        Count++;
        if (_container.PendingBytes >= blockBytes) EndBlock();
    }

    /// <summary>Writes what is left and the position that the file stands for; on return all of it is on disk.</summary>
    public void Complete(long next)
    {
        EndBlock();
        var header = new ArrayBufferWriter<byte>();
        Container(header, _positions with { Next = next });
        _file.Position = 0;
        _file.Write(header.WrittenSpan);
        _file.Flush(flushToDisk: true);
        _file.Dispose();
    }

    /// <summary>Closes the file; it stays as it is.</summary>
    public void Dispose() => _file.Dispose();

    private void EndBlock()
    {
        _container.EndBlock();
        _file.Write(_buffer.WrittenSpan);
        _written += _buffer.WrittenCount;
        _buffer.ResetWrittenCount();
    }

    private ContainerWriter Container(ArrayBufferWriter<byte> output, FilePositions positions) =>
        new(output, Schema, _codec, _sync, [new(FilePositions.MetadataKey, positions.ToMetadata())]);
}
