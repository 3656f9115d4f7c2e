using System.Runtime.InteropServices;
using System.Text.Json;

namespace Conductor.Workflows.Answers;

/// <summary>Conductor's ways with JSON: epoch milliseconds, 0 for never, absent instead of null.</summary>
internal static class JsonWriting
{
    public static void Time(this Utf8JsonWriter writer, string name, DateTimeOffset? at) => writer.WriteNumber(name, at?.ToUnixTimeMilliseconds() ?? 0);

    public static void Optional(this Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null) writer.WriteString(name, value);
    }

    public static void Optional(this Utf8JsonWriter writer, string name, Guid? value)
    {
        if (value is { } id) writer.WriteString(name, id);
    }

    /// <summary>A payload; absent and null ones are empty objects.</summary>
    public static void Payload(this Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) writer.WriteRawValue("{}"u8, skipInputValidation: true);
        // As it was stored, whatever it is: what has got in must get out.
        else writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
    }

    public static void Strings(this Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    public static void Map(this Utf8JsonWriter writer, string name, IEnumerable<KeyValuePair<string, string>> values)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in values) writer.WriteString(key, value);
        writer.WriteEndObject();
    }
}
