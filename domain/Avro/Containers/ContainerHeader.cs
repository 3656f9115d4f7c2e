using System.Text;
using Conductor.Domain.Avro.Data;
using Conductor.Domain.Avro.Fields;
using Conductor.Domain.Avro.Schemas;

namespace Conductor.Domain.Avro.Containers;

/// <summary>What stands in front of a container file's blocks (Avro 1.12, "Object Container Files"), without the file's own sync marker.</summary>
public sealed class ContainerHeader
{
    internal const int SyncLength = 16;
    internal const string SchemaKey = "avro.schema";
    internal const string CodecKey = "avro.codec";
    private readonly Lazy<FieldProgram> _extents;

    internal ContainerHeader(ReadOnlyMemory<byte> bytes, AvroSchema schema, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> metadata)
    {
        Bytes = bytes;
        Schema = schema;
        Metadata = metadata;
        SchemaText = Encoding.UTF8.GetString(metadata[SchemaKey].Span);
        Codec = metadata.TryGetValue(CodecKey, out var codec) ? Encoding.UTF8.GetString(codec.Span) : "null";
        _extents = new Lazy<FieldProgram>(() => FieldProgram.Compile(schema, [], DatumExtent.Whole));
    }

    internal static ReadOnlySpan<byte> Magic => "Obj\u0001"u8;

    /// <summary>
    /// The schema that the file was written with. The same object for every file whose schema text is the same, where a <see cref="ContainerHeaderCache"/> is
    /// used.
    /// </summary>
    public AvroSchema Schema { get; }

    /// <summary>That schema as the file has it.</summary>
    public string SchemaText { get; }

    /// <summary>How the blocks are compressed: <c>null</c>, <c>deflate</c> ...</summary>
    public string Codec { get; }

    /// <summary>Everything in the header, schema and codec included.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Metadata { get; }

    /// <summary>Where the first block begins.</summary>
    public int Length => Bytes.Length + SyncLength;

    /// <summary>Finds where a datum ends.</summary>
    internal FieldProgram Extents => _extents.Value;

    /// <summary>The header as it is in the file, up to the sync marker.</summary>
    internal ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Reads a header and its schema; a header has at most 2 MiB and 1,000 entries.</summary>
    /// <exception cref="AvroDataException">It is not the beginning of a container file.</exception>
    public static ContainerHeader Parse(ReadOnlySpan<byte> file) => ContainerHeaderParser.Parse(file, known: null);
}
