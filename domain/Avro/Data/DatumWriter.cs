using Conductor.Domain.Avro.Schemas;

namespace Conductor.Domain.Avro.Data;

/// <summary>Writes <see cref="AvroValue"/>s as their schema says. A value where a union is expected goes to the first branch that it fits.</summary>
public sealed class DatumWriter(AvroSchema schema)
{
    /// <summary>Writes one datum.</summary>
    /// <exception cref="ArgumentException">The value does not fit the schema; what was written before that is of no use.</exception>
    public void Write(AvroWriter writer, AvroValue value) => Write(writer, schema, value);

    private static void Write(AvroWriter writer, AvroSchema type, AvroValue value)
    {
        switch (type, value)
        {
            case (RecordSchema record, AvroRecord fields): WriteRecord(writer, record, fields); break;
            case (ArraySchema array, AvroArray items): WriteArray(writer, array, items); break;
            case (MapSchema map, AvroMap entries): WriteMap(writer, map, entries); break;
            case (UnionSchema union, AvroUnion chosen): WriteBranch(writer, union, chosen.Branch, chosen.Value); break;
            case (UnionSchema union, _): WriteBranch(writer, union, FittingBranch(union, value), value); break;
            case (EnumSchema symbols, AvroText text): writer.WriteLong(SymbolIndex(symbols, text.Value)); break;
            case (FixedSchema size, AvroBytes bytes) when bytes.Value.Length == size.Size: writer.WriteFixed(bytes.Value.Span); break;
            default: WritePrimitive(writer, type, value); break;
        }
    }

    private static void WritePrimitive(AvroWriter writer, AvroSchema type, AvroValue value)
    {
        switch (type.Type, value)
        {
            case (AvroType.Null, AvroNull): break;
            case (AvroType.Boolean, AvroBoolean flag): writer.WriteBoolean(flag.Value); break;
            case (AvroType.Int, AvroInteger number) when (int)number.Value == number.Value: writer.WriteLong(number.Value); break;
            case (AvroType.Long, AvroInteger number): writer.WriteLong(number.Value); break;
            case (AvroType.Float, AvroFloat number): writer.WriteFloat(number.Value); break;
            case (AvroType.Double, AvroDouble number): writer.WriteDouble(number.Value); break;
            case (AvroType.Bytes, AvroBytes bytes): writer.WriteBytes(bytes.Value.Span); break;
            case (AvroType.String, AvroText text): writer.WriteString(text.Value); break;
            default: throw new ArgumentException($"{value} is no value of type {type.BranchName}", nameof(value));
        }
    }

    private static void WriteRecord(AvroWriter writer, RecordSchema record, AvroRecord value)
    {
        if (value.Fields.Count != record.Fields.Count)
        {
            throw new ArgumentException($"{record.FullName} has {record.Fields.Count} fields, not {value.Fields.Count}", nameof(value));
        }

        for (var i = 0; i < record.Fields.Count; i++) Write(writer, record.Fields[i].Schema, value.Fields[i]);
    }

    private static void WriteArray(AvroWriter writer, ArraySchema array, AvroArray value)
    {
        if (value.Items.Count > 0) writer.WriteLong(value.Items.Count);
        foreach (var item in value.Items) Write(writer, array.Items, item);
        writer.WriteLong(0);
    }

    private static void WriteMap(AvroWriter writer, MapSchema map, AvroMap value)
    {
        if (value.Entries.Count > 0) writer.WriteLong(value.Entries.Count);
        foreach (var (key, item) in value.Entries)
        {
            writer.WriteString(key);
            Write(writer, map.Values, item);
        }

        writer.WriteLong(0);
    }

    private static void WriteBranch(AvroWriter writer, UnionSchema union, int branch, AvroValue value)
    {
        if ((uint)branch >= (uint)union.Branches.Count) throw new ArgumentException($"{value} fits no branch of the union", nameof(value));
        writer.WriteLong(branch);
        Write(writer, union.Branches[branch], value);
    }

    private static int FittingBranch(UnionSchema union, AvroValue value)
    {
        for (var i = 0; i < union.Branches.Count; i++)
        {
            if (Fits(union.Branches[i], value)) return i;
        }

        return -1;
    }

    private static bool Fits(AvroSchema type, AvroValue value) => (type, value) switch
    {
        (RecordSchema record, AvroRecord fields) => record.Fields.Count == fields.Fields.Count,
        (EnumSchema symbols, AvroText text) => symbols.Symbols.Contains(text.Value),
        (FixedSchema size, AvroBytes bytes) => size.Size == bytes.Value.Length,
        _ => value switch
        {
            AvroNull => type.Type == AvroType.Null,
            AvroBoolean => type.Type == AvroType.Boolean,
            AvroInteger number => type.Type == AvroType.Long || (type.Type == AvroType.Int && (int)number.Value == number.Value),
            AvroFloat => type.Type == AvroType.Float,
            AvroDouble => type.Type == AvroType.Double,
            AvroBytes => type.Type == AvroType.Bytes,
            AvroText => type.Type == AvroType.String,
            AvroArray => type.Type == AvroType.Array,
            AvroMap => type.Type == AvroType.Map,
            _ => false,
        },
    };

    private static int SymbolIndex(EnumSchema symbols, string symbol)
    {
        for (var i = 0; i < symbols.Symbols.Count; i++)
        {
            if (symbols.Symbols[i] == symbol) return i;
        }

        throw new ArgumentException($"{symbols.FullName} has no symbol {symbol}", nameof(symbol));
    }
}
