using System.Buffers;
using System.IO.Compression;
using Conductor.Domain.Avro.Data;

namespace Conductor.Domain.Avro.Containers;

/// <summary>How a container's blocks are compressed.</summary>
public enum ContainerCodec
{
    /// <summary>They are not.</summary>
    Null,

    /// <summary>RFC 1951.</summary>
    Deflate,
}

/// <summary>Writes a container file: its header at once, then whole blocks. The same input gives the same bytes.</summary>
public sealed class ContainerWriter
{
    private readonly IBufferWriter<byte> _output;
    private readonly AvroWriter _writer;
    private readonly ContainerCodec _codec;
    private readonly ReadOnlyMemory<byte> _sync;
    private readonly BlockBuffer _block = new();
    private long _count;

    /// <summary>Writes the header.</summary>
    /// <param name="output">Where the file goes.</param>
    /// <param name="schema">Text of the schema of every datum.</param>
    /// <param name="codec">How blocks are compressed.</param>
    /// <param name="sync">16 bytes that should not occur in the data by chance; the caller chooses them.</param>
    /// <param name="metadata">More entries for the header; names beginning with <c>avro.</c> are the specification's own.</param>
    public ContainerWriter(
        IBufferWriter<byte> output, string schema, ContainerCodec codec, ReadOnlyMemory<byte> sync,
        IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>>? metadata = null)
    {
        if (sync.Length != ContainerHeader.SyncLength) throw new ArgumentException("a sync marker has 16 bytes", nameof(sync));
        if (metadata?.Any(entry => entry.Key.StartsWith("avro.", StringComparison.Ordinal)) == true)
        {
            throw new ArgumentException("names beginning with avro. are reserved", nameof(metadata));
        }

        _output = output;
        _writer = new AvroWriter(output);
        _codec = codec;
        _sync = sync;
        WriteHeader(schema, metadata ?? []);
    }

    /// <summary>How many bytes of values the unfinished block holds.</summary>
    public int PendingBytes => _block.WrittenCount;

    /// <summary>Adds an encoded value to the unfinished block.</summary>
    public void Append(ReadOnlySpan<byte> datum)
    {
        _block.Write(datum);
        _count++;
    }

    /// <summary>Writes the unfinished block, if it holds anything.</summary>
    public void EndBlock()
    {
        if (_count == 0) return;
        _writer.WriteLong(_count);
        _writer.WriteBytes(_codec == ContainerCodec.Null ? _block.WrittenMemory.Span : Deflate(_block.WrittenMemory));
        _writer.WriteFixed(_sync.Span);
        _block.Clear();
        _count = 0;
    }

    private void WriteHeader(string schema, IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> metadata)
    {
        _writer.WriteFixed(ContainerHeader.Magic);
        _writer.WriteLong(metadata.Count + 2);
        _writer.WriteString(ContainerHeader.SchemaKey);
        _writer.WriteString(schema);
        _writer.WriteString(ContainerHeader.CodecKey);
        _writer.WriteBytes(_codec == ContainerCodec.Null ? "null"u8 : "deflate"u8);
        foreach (var (key, value) in metadata)
        {
            _writer.WriteString(key);
            _writer.WriteBytes(value.Span);
        }

        _writer.WriteLong(0);
        _writer.WriteFixed(_sync.Span);
    }

    private static ReadOnlySpan<byte> Deflate(ReadOnlyMemory<byte> block)
    {
        using var output = new MemoryStream();
        using (var deflater = new DeflateStream(output, CompressionLevel.Fastest)) deflater.Write(block.Span);
        return output.ToArray();
    }
}
