using System.Text;

namespace Conductor.Domain.Avro.Schemas;

/// <summary>
/// "Transforming into Parsing Canonical Form", Avro 1.12: full names, no annotations, fixed order of properties, no spaces, strings unescaped.
/// </summary>
internal static class CanonicalForm
{
    public static string Write(AvroSchema schema)
    {
        var text = new StringBuilder();
        Write(text, schema, []);
        return text.ToString();
    }

    private static void Write(StringBuilder text, AvroSchema schema, HashSet<string> written)
    {
        switch (schema)
        {
            case NamedSchema named when !written.Add(named.FullName):
                Quote(text, named.FullName);
                break;
            case RecordSchema record:
                Open(text, record, record.IsError ? "error" : "record").Append(",\"fields\":");
                List(text, record.Fields, field => WriteField(text, field, written));
                text.Append('}');
                break;
            case EnumSchema symbols:
                Open(text, symbols, "enum").Append(",\"symbols\":");
                List(text, symbols.Symbols, symbol => Quote(text, symbol));
                text.Append('}');
                break;
            case FixedSchema bytes:
                Open(text, bytes, "fixed").Append(",\"size\":").Append(bytes.Size).Append('}');
                break;
            default:
                WriteUnnamed(text, schema, written);
                break;
        }
    }

    private static void WriteUnnamed(StringBuilder text, AvroSchema schema, HashSet<string> written)
    {
        switch (schema)
        {
            case ArraySchema array:
                text.Append("{\"type\":\"array\",\"items\":");
                Write(text, array.Items, written);
                text.Append('}');
                break;
            case MapSchema map:
                text.Append("{\"type\":\"map\",\"values\":");
                Write(text, map.Values, written);
                text.Append('}');
                break;
            case UnionSchema union:
                List(text, union.Branches, branch => Write(text, branch, written));
                break;
            default:
                Quote(text, schema.BranchName);
                break;
        }
    }

    private static void WriteField(StringBuilder text, RecordField field, HashSet<string> written)
    {
        Quote(text.Append("{\"name\":"), field.Name).Append(",\"type\":");
        Write(text, field.Schema, written);
        text.Append('}');
    }

    private static StringBuilder Open(StringBuilder text, NamedSchema schema, string type) =>
        Quote(Quote(text.Append("{\"name\":"), schema.FullName).Append(",\"type\":"), type);

    private static StringBuilder Quote(StringBuilder text, string value) => text.Append('"').Append(value).Append('"');

    private static void List<T>(StringBuilder text, IReadOnlyList<T> items, Action<T> write)
    {
        text.Append('[');
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) text.Append(',');
            write(items[i]);
        }

        text.Append(']');
    }
}
