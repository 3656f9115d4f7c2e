using System.Buffers.Text;
using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Avro.Data;
using Conductor.Domain.Avro.Fields;
using Conductor.Domain.Avro.Schemas;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Domain.Streams.Alerts;

/// <summary>
/// Reads packets that are Avro container files with one value each, as ZTF publishes them. The schema of a header met before is not parsed again;
/// structure is checked to the end, values are built for the wanted fields alone. Not thread-safe.
/// </summary>
/// <param name="fields">The wanted paths; one may occur several times.</param>
/// <param name="headers">Headers met before; can be shared with others.</param>
public sealed class ContainerPacketReader(IReadOnlyList<string> fields, ContainerHeaderCache headers) : IPacketReader
{
    private const int MaxSchemas = 32;
    private const int MaxSchemaBytes = 1024 * 1024;
    private readonly ContainerReader _container = new(headers);
    private readonly List<string> _paths = [.. fields.Distinct()];
    private readonly int[] _index = IndexOf(fields);
    private readonly Dictionary<AvroSchema, (FieldProgram Program, bool[] Missing)> _programs = [];
    private int _schemaBytes;

    /// <inheritdoc/>
    public void Read(ReadOnlyMemory<byte> packet, Span<FieldValue> values)
    {
        try
        {
            var datum = ReadDatum(packet);
            var (program, missing) = ProgramFor(_container.Header);
            Span<FieldSlot> slots = stackalloc FieldSlot[_paths.Count];
            var read = program.Read(datum.Span, slots, _container.BlockOrigin);
            if (read.Consumed != datum.Length)
                throw new AvroDataException($"{datum.Length - read.Consumed} bytes are left after the value", _container.BlockOrigin + read.Consumed);
            for (var i = 0; i < _index.Length; i++) values[i] = missing[_index[i]] ? FieldValue.Missing : ValueOf(read, _index[i], datum);
        }
        catch (AvroDataException e)
        {
            throw new BadRecordException(e.Message, e.Offset, e);
        }
    }

    private ReadOnlyMemory<byte> ReadDatum(ReadOnlyMemory<byte> packet)
    {
        _container.Open(packet);
        if (!_container.ReadBlock()) throw new AvroDataException("the packet holds no value", packet.Length);
        if (_container.BlockCount != 1) throw new AvroDataException($"a packet holds one value, not {_container.BlockCount}", _container.Header.Length);
        if (!_container.IsLastBlock) throw new AvroDataException("a packet holds one value, but another block follows", _container.Header.Length);
        return _container.Block;
    }

    private (FieldProgram Program, bool[] Missing) ProgramFor(ContainerHeader header)
    {
        if (_programs.TryGetValue(header.Schema, out var known)) return known;
        var program = Compile(header.Schema);
        // Schemas that come and go must not pile up.
        if (_programs.Count == MaxSchemas || _schemaBytes + header.Length > MaxSchemaBytes)
        {
            _programs.Clear();
            _schemaBytes = 0;
        }

        _schemaBytes += header.Length;
        return _programs[header.Schema] = (program, [.. _paths.Select(path => program.MissingPaths.Contains(path))]);
    }

    private FieldProgram Compile(AvroSchema schema)
    {
        try
        {
            return FieldProgram.Compile(schema, _paths, DatumExtent.Whole);
        }
        catch (AvroSchemaException e)
        {
            throw new BadRecordException($"the wanted fields cannot be read with the packet's schema: {e.Message}", 0, e);
        }
    }

    private static FieldValue ValueOf(in FieldValues read, int index, ReadOnlyMemory<byte> datum) => read.Kind(index) switch
    {
        FieldKind.Null => FieldValue.Null,
        FieldKind.Boolean => FieldValue.Of(read.Boolean(index) ? 1 : 0),
        FieldKind.Int or FieldKind.Long => FieldValue.Of(read.Integer(index)),
        FieldKind.Float => FieldValue.Of(AsWritten(read.Single(index))),
        FieldKind.Double => FieldValue.Of(read.TryGetNumber(index, out var number) ? number : double.NaN),
        FieldKind.Symbol => FieldValue.Of(read.Bytes(index).ToArray()),
        _ => FieldValue.Of(datum[read.Extent(index)]),
    };

    /// <summary>The double that people mean when they see the float: a score of 0.7f compares as 0.7, not as 0.699999988.</summary>
    private static double AsWritten(float value)
    {
        if (!float.IsFinite(value)) return value;
        Span<byte> text = stackalloc byte[32];
        return Utf8Formatter.TryFormat(value, text, out var length) && Utf8Parser.TryParse(text[..length], out double written, out _) ? written : value;
    }

    private static int[] IndexOf(IReadOnlyList<string> fields)
    {
        var paths = fields.Distinct().ToList();
        return [.. fields.Select(field => paths.IndexOf(field))];
    }
}
