using System.Text.Json;

namespace Conductor.Domain.Avro.Schemas;

/// <summary>Reads single properties of a schema's JSON object.</summary>
internal static class SchemaJson
{
    public static IReadOnlyDictionary<string, JsonElement> Annotations(JsonElement element, string[] known)
    {
        var annotations = new Dictionary<string, JsonElement>();
        foreach (var property in element.EnumerateObject())
        {
            if (!known.Contains(property.Name)) annotations[property.Name] = property.Value.Clone();
        }

        return annotations;
    }

    public static string RequiredText(JsonElement element, string property, SchemaPath path)
    {
        if (!element.TryGetProperty(property, out var value)) throw path.Fault($"no \"{property}\"");
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw path.Property(property).Fault("must be a string");
    }

    public static JsonElement RequiredArray(JsonElement element, string property, SchemaPath path)
    {
        if (!element.TryGetProperty(property, out var value)) throw path.Fault($"no \"{property}\"");
        return value.ValueKind == JsonValueKind.Array ? value : throw path.Property(property).Fault("must be an array");
    }

    public static List<string> Texts(JsonElement array, SchemaPath path)
    {
        var texts = new List<string>();
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String) throw path.Item(texts.Count).Fault("must be a string");
            texts.Add(item.GetString()!);
        }

        return texts;
    }

    public static List<string> OptionalTexts(JsonElement element, string property, SchemaPath path) =>
        element.TryGetProperty(property, out _) ? Texts(RequiredArray(element, property, path), path.Property(property)) : [];
}
