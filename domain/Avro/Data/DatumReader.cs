using System.Text;
using Conductor.Domain.Avro.Schemas;

namespace Conductor.Domain.Avro.Data;

/// <summary>Reads whole datums into <see cref="AvroValue"/>s. For one thread.</summary>
public sealed class DatumReader(AvroSchema schema)
{
    internal const int MaxDepth = 256;

    /// <summary>Reads a datum that takes up all of the bytes.</summary>
    /// <exception cref="AvroDataException">The bytes do not fit the schema, or some are left.</exception>
    public AvroValue Read(ReadOnlySpan<byte> datum, long origin = 0)
    {
        var reader = new AvroReader(datum, origin);
        var value = Read(ref reader);
        return reader.Remaining == 0 ? value : throw reader.Fault($"{reader.Remaining} bytes are left after the value");
    }

    /// <summary>Reads the next datum.</summary>
    /// <exception cref="AvroDataException">The bytes do not fit the schema.</exception>
    public AvroValue Read(ref AvroReader reader) => Read(ref reader, schema, depth: 0);

    private static AvroValue Read(ref AvroReader reader, AvroSchema type, int depth)
    {
        if (depth > MaxDepth) throw reader.Fault($"values are nested deeper than {MaxDepth}");
        reader.CountValue();
        return type switch
        {
            RecordSchema record => ReadRecord(ref reader, record, depth),
            ArraySchema array => ReadArray(ref reader, array, depth),
            MapSchema map => ReadMap(ref reader, map, depth),
            UnionSchema union => ReadUnion(ref reader, union, depth),
            EnumSchema symbols => ReadSymbol(ref reader, symbols),
            FixedSchema bytes => new AvroBytes(reader.ReadFixed(bytes.Size).ToArray()),
            _ => ReadPrimitive(ref reader, type.Type),
        };
    }

    private static AvroValue ReadPrimitive(ref AvroReader reader, AvroType type) => type switch
    {
        AvroType.Null => AvroValue.Null,
        AvroType.Boolean => new AvroBoolean(reader.ReadBoolean()),
        AvroType.Int => new AvroInteger(reader.ReadInt()),
        AvroType.Long => new AvroInteger(reader.ReadLong()),
        AvroType.Float => new AvroFloat(reader.ReadFloat()),
        AvroType.Double => new AvroDouble(reader.ReadDouble()),
        AvroType.Bytes => new AvroBytes(reader.ReadSized().ToArray()),
        _ => new AvroText(ReadText(ref reader)),
    };

    private static string ReadText(ref AvroReader reader) => Encoding.UTF8.GetString(reader.ReadSized());

    private static AvroText ReadSymbol(ref AvroReader reader, EnumSchema symbols)
    {
        var index = reader.ReadInt();
        if ((uint)index >= (uint)symbols.Symbols.Count) throw reader.Fault($"symbol {index} of an enum of {symbols.Symbols.Count}");
        return new AvroText(symbols.Symbols[index]);
    }

    private static AvroRecord ReadRecord(ref AvroReader reader, RecordSchema record, int depth)
    {
        var values = new AvroValue[record.Fields.Count];
        for (var i = 0; i < values.Length; i++) values[i] = Read(ref reader, record.Fields[i].Schema, depth + 1);
        return new AvroRecord(values);
    }

    private static AvroUnion ReadUnion(ref AvroReader reader, UnionSchema union, int depth)
    {
        var branch = reader.ReadBranch(union.Branches.Count);
        return new AvroUnion(branch, Read(ref reader, union.Branches[branch], depth + 1));
    }

    private static AvroArray ReadArray(ref AvroReader reader, ArraySchema array, int depth)
    {
        var items = new List<AvroValue>();
        while (ReadBlockHead(ref reader, array.Items.LeastSize) is var count and not 0)
        {
            for (; count > 0; count--) items.Add(Read(ref reader, array.Items, depth + 1));
        }

        return new AvroArray(items);
    }

    private static AvroMap ReadMap(ref AvroReader reader, MapSchema map, int depth)
    {
        var entries = new List<KeyValuePair<string, AvroValue>>();
        while (ReadBlockHead(ref reader, map.LeastEntrySize) is var count and not 0)
        {
            for (; count > 0; count--) entries.Add(new(ReadText(ref reader), Read(ref reader, map.Values, depth + 1)));
        }

        return new AvroMap(entries);
    }

    private static long ReadBlockHead(ref AvroReader reader, int least)
    {
        var count = reader.ReadBlockHead(out _);
        if (least > 0 && count > reader.Remaining / least) throw reader.Fault($"a block of {count} items is announced, {reader.Remaining} bytes are left");
        return count;
    }
}
