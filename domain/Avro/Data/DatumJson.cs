using System.Buffers;
using System.Text;
using System.Text.Json;
using Conductor.Domain.Avro.Schemas;

namespace Conductor.Domain.Avro.Data;

/// <summary>Avro's JSON encoding of values ("JSON Encoding", Avro 1.12): bytes as ISO-8859-1 text, a union's value under its branch's name.</summary>
public static class DatumJson
{
    /// <summary>A value as JSON text; numbers that JSON does not have become "NaN", "Infinity" and "-Infinity".</summary>
    public static string ToJson(AvroSchema schema, AvroValue value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) Write(json, schema, value);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes a value.</summary>
    public static void Write(Utf8JsonWriter json, AvroSchema schema, AvroValue value)
    {
        switch (value)
        {
            case AvroNull: json.WriteNullValue(); break;
            case AvroBoolean flag: json.WriteBooleanValue(flag.Value); break;
            case AvroInteger number: json.WriteNumberValue(number.Value); break;
            case AvroFloat { Value: var number } when !float.IsFinite(number): json.WriteStringValue(number.ToString()); break;
            case AvroFloat number: json.WriteNumberValue(number.Value); break;
            case AvroDouble { Value: var number } when !double.IsFinite(number): json.WriteStringValue(number.ToString()); break;
            case AvroDouble number: json.WriteNumberValue(number.Value); break;
            case AvroBytes bytes: json.WriteStringValue(Encoding.Latin1.GetString(bytes.Value.Span)); break;
            case AvroText text: json.WriteStringValue(text.Value); break;
            case AvroUnion union: WriteUnion(json, (UnionSchema)schema, union); break;
            default: WriteNested(json, schema, value); break;
        }
    }

    private static void WriteUnion(Utf8JsonWriter json, UnionSchema schema, AvroUnion value)
    {
        var branch = schema.Branches[value.Branch];
        if (value.Value is AvroNull)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WritePropertyName(branch.BranchName);
        Write(json, branch, value.Value);
        json.WriteEndObject();
    }

    private static void WriteNested(Utf8JsonWriter json, AvroSchema schema, AvroValue value)
    {
        switch (schema, value)
        {
            case (ArraySchema array, AvroArray items):
                json.WriteStartArray();
                foreach (var item in items.Items) Write(json, array.Items, item);
                json.WriteEndArray();
                break;
            case (RecordSchema record, AvroRecord fields):
                WriteObject(json, record.Fields.Zip(fields.Fields, (field, item) => (field.Name, field.Schema, item)));
                break;
            case (MapSchema map, AvroMap entries):
                WriteObject(json, entries.Entries.Select(entry => (entry.Key, map.Values, entry.Value)));
                break;
            default:
                throw new ArgumentException($"{value} is no value of type {schema.BranchName}", nameof(value));
        }
    }

    private static void WriteObject(Utf8JsonWriter json, IEnumerable<(string Name, AvroSchema Schema, AvroValue Value)> properties)
    {
        json.WriteStartObject();
        foreach (var (name, schema, value) in properties)
        {
            json.WritePropertyName(name);
            Write(json, schema, value);
        }

        json.WriteEndObject();
    }
}
