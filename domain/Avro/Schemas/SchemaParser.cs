using System.Text.Json;

namespace Conductor.Domain.Avro.Schemas;

/// <summary>Reads schemas as the specification (1.12, "Schema Declaration") says, as strict about names and symbols as Avro's Java parser.</summary>
internal sealed class SchemaParser(bool lenient)
{
    private const int MaxDepth = 256;

    /// <summary>A schema takes up to fifty times its text; the largest known in use have a tenth of this.</summary>
    private const int MaxLength = 1024 * 1024;

    private static readonly string[] TypeProperties = ["type", "items", "values"];
    private readonly Dictionary<string, NamedSchema> _named = [];

    /// <summary>Reads a schema; a lenient reading takes what software that knows no rules has written into files.</summary>
    public static AvroSchema Parse(string json, bool lenient)
    {
        if (json.Length > MaxLength) throw SchemaPath.Root.Fault($"a schema has at most {MaxLength} characters, not {json.Length}");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return new SchemaParser(lenient).Parse(document.RootElement, space: null, SchemaPath.Root);
        }
        catch (JsonException e)
        {
            throw new AvroSchemaException("$", $"not JSON: {e.Message}", e);
        }
    }

    /// <summary>Whether a record may have two fields of one name, as DECam's alerts do; the first is the one that is found.</summary>
    internal bool AllowsTwins => lenient;

    internal AvroSchema Parse(JsonElement element, string? space, SchemaPath path) => element.ValueKind switch
    {
        JsonValueKind.String => Resolve(element.GetString()!, space, path),
        JsonValueKind.Array => ParseUnion(element, space, path),
        JsonValueKind.Object => ParseObject(element, space, path),
        _ => throw path.Fault($"a schema is a name, an object or an array, not {element.ValueKind}"),
    };

    internal void Declare(NamedSchema schema, SchemaPath path)
    {
        if (!_named.TryAdd(schema.FullName, schema)) throw path.Fault($"{schema.FullName} is defined twice");
    }

    private AvroSchema Resolve(string name, string? space, SchemaPath path)
    {
        if (AvroName.Primitives.TryGetValue(name, out var primitive)) return new PrimitiveSchema(primitive);
        // A name not found in the namespace around it is looked for without one, as Avro's Java parser does.
        if (_named.TryGetValue(AvroName.Qualify(name, space), out var found) || _named.TryGetValue(name, out found)) return found;
        throw path.Fault($"unknown type \"{name}\"");
    }

    private UnionSchema ParseUnion(JsonElement element, string? space, SchemaPath path)
    {
        var branches = new List<AvroSchema>();
        var names = new HashSet<string>();
        foreach (var item in element.EnumerateArray())
        {
            var at = path.Item(branches.Count);
            var branch = Parse(item, space, at);
            if (branch.Type == AvroType.Union) throw at.Fault("a union cannot stand directly in a union");
            if (!names.Add(branch.BranchName)) throw at.Fault($"{branch.BranchName} occurs twice in the union");
            branches.Add(branch);
        }

        return new UnionSchema(branches);
    }

    private AvroSchema ParseObject(JsonElement element, string? space, SchemaPath path)
    {
        if (!element.TryGetProperty("type", out var type)) throw path.Fault("no \"type\"");
        var at = path.Property("type");
        // {"type": {...}} and {"type": [...]} only wrap another schema.
        if (type.ValueKind is JsonValueKind.Object or JsonValueKind.Array) return Parse(type, space, at);
        if (type.ValueKind != JsonValueKind.String) throw at.Fault("a type is a name, an object or an array");
        var name = type.GetString()!;
        if (AvroName.Primitives.TryGetValue(name, out var primitive)) return new PrimitiveSchema(primitive, SchemaJson.Annotations(element, TypeProperties));
        return name switch
        {
            "array" => new ArraySchema(Nested(element, "items", space, path), SchemaJson.Annotations(element, TypeProperties)),
            "map" => new MapSchema(Nested(element, "values", space, path), SchemaJson.Annotations(element, TypeProperties)),
            "record" or "error" or "enum" or "fixed" => new NamedSchemaParser(this).Parse(name, element, space, path),
            _ => Resolve(name, space, at),
        };
    }

    private AvroSchema Nested(JsonElement element, string property, string? space, SchemaPath path) =>
        element.TryGetProperty(property, out var nested)
            ? Parse(nested, space, path.Property(property))
            : throw path.Fault($"no \"{property}\"");
}
