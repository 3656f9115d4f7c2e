using System.Text.Json;

namespace Conductor.Domain.Avro.Schemas;

/// <summary>Reads records, enums and fixeds.</summary>
internal sealed class NamedSchemaParser(SchemaParser parser)
{
    private static readonly string[] SchemaProperties = ["type", "name", "namespace", "aliases", "fields", "symbols", "size", "default"];
    private static readonly string[] FieldProperties = ["type", "name", "aliases", "default"];

    public NamedSchema Parse(string type, JsonElement element, string? space, SchemaPath path)
    {
        var name = FullName(element, space, path);
        var aliases = Aliases(element, path).ConvertAll(alias => AvroName.Qualify(alias, AvroName.NamespaceOf(name)));
        var annotations = SchemaJson.Annotations(element, SchemaProperties);
        return type switch
        {
            "enum" => Declared(Enum(element, name, aliases, annotations, path), path),
            "fixed" => Declared(new FixedSchema(name, aliases, annotations, Size(element, path)), path),
            _ => Record(element, new RecordSchema(name, aliases, annotations, type == "error"), path),
        };
    }

    private NamedSchema Declared(NamedSchema schema, SchemaPath path)
    {
        parser.Declare(schema, path.Property("name"));
        return schema;
    }

    private static string FullName(JsonElement element, string? space, SchemaPath path)
    {
        var name = SchemaJson.RequiredText(element, "name", path);
        if (element.TryGetProperty("namespace", out var own) && own.ValueKind != JsonValueKind.Null)
        {
            space = SchemaJson.RequiredText(element, "namespace", path);
        }

        var full = AvroName.Qualify(name, space);
        CheckLength(full, path.Property("name"));
        if (!AvroName.IsFull(full)) throw path.Property("name").Fault($"\"{full}\" is not a name");
        if (AvroName.Primitives.ContainsKey(full)) throw path.Property("name").Fault($"\"{full}\" is the name of a primitive type");
        return full;
    }

    private RecordSchema Record(JsonElement element, RecordSchema record, SchemaPath path)
    {
        // Declared before its fields are read: they may name it.
        parser.Declare(record, path.Property("name"));
        var fields = new List<RecordField>();
        var names = new HashSet<string>();
        var space = AvroName.NamespaceOf(record.FullName);
        foreach (var item in SchemaJson.RequiredArray(element, "fields", path).EnumerateArray())
        {
            var at = path.Property("fields").Item(fields.Count);
            var field = Field(item, fields.Count, space, at);
            if (!names.Add(field.Name) && !parser.AllowsTwins) throw at.Property("name").Fault($"field \"{field.Name}\" occurs twice");
            fields.Add(field);
        }

        record.Complete(fields);
        return record;
    }

    private RecordField Field(JsonElement element, int position, string? space, SchemaPath path)
    {
        if (element.ValueKind != JsonValueKind.Object) throw path.Fault("a field is an object");
        var name = SchemaJson.RequiredText(element, "name", path);
        CheckLength(name, path.Property("name"));
        if (!AvroName.IsSimple(name)) throw path.Property("name").Fault($"\"{name}\" is not a name");
        if (!element.TryGetProperty("type", out var type)) throw path.Fault("no \"type\"");
        JsonElement? fallback = element.TryGetProperty("default", out var given) ? given.Clone() : null;
        return new RecordField(
            name, position, parser.Parse(type, space, path.Property("type")), fallback,
            Aliases(element, path), SchemaJson.Annotations(element, FieldProperties));
    }

    private static List<string> Aliases(JsonElement element, SchemaPath path)
    {
        var aliases = SchemaJson.OptionalTexts(element, "aliases", path);
        foreach (var alias in aliases) CheckLength(alias, path.Property("aliases"));
        return aliases;
    }

    private static void CheckLength(string name, SchemaPath path)
    {
        if (name.Length > AvroName.Longest) throw path.Fault($"a name has at most {AvroName.Longest} characters, not {name.Length}");
    }

    private static EnumSchema Enum(
        JsonElement element, string name, List<string> aliases, IReadOnlyDictionary<string, JsonElement> annotations, SchemaPath path)
    {
        var at = path.Property("symbols");
        var symbols = SchemaJson.Texts(SchemaJson.RequiredArray(element, "symbols", path), at);
        var seen = new HashSet<string>();
        for (var i = 0; i < symbols.Count; i++)
        {
            CheckLength(symbols[i], at.Item(i));
            if (!AvroName.IsSimple(symbols[i])) throw at.Item(i).Fault($"\"{symbols[i]}\" is not a symbol");
            if (!seen.Add(symbols[i])) throw at.Item(i).Fault($"symbol \"{symbols[i]}\" occurs twice");
        }

        var fallback = element.TryGetProperty("default", out _) ? SchemaJson.RequiredText(element, "default", path) : null;
        if (fallback is not null && !seen.Contains(fallback)) throw path.Property("default").Fault($"\"{fallback}\" is not one of the symbols");
        return new EnumSchema(name, aliases, annotations, symbols, fallback);
    }

    private static int Size(JsonElement element, SchemaPath path)
    {
        if (!element.TryGetProperty("size", out var value)) throw path.Fault("no \"size\"");
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var size) && size >= 0) return size;
        throw path.Property("size").Fault("must be a whole number, 0 or more");
    }
}
