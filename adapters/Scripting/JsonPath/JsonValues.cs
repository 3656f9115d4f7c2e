using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Scripting.JsonPath;

/// <summary>Values that a query makes.</summary>
internal static class JsonValues
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = JsonLimits.StoredDepth };

    public static JsonElement Null { get; } = JsonElement.Parse("null");

    public static JsonElement Of(string text) => Build(writer => writer.WriteStringValue(text));

    public static JsonElement Of(int number) => Build(writer => writer.WriteNumberValue(number));

    /// <summary>As Java writes a double: always with a fraction.</summary>
    public static JsonElement Of(double number) =>
        double.IsFinite(number) ? Build(writer => writer.WriteRawValue(JavaNumbers.Double(number))) : Null;

    public static JsonElement List(IEnumerable<JsonElement> items) => Build(writer =>
    {
        writer.WriteStartArray();
        foreach (var item in items) item.WriteTo(writer);
        writer.WriteEndArray();
    });

    /// <summary>An object of those of the named properties that there are.</summary>
    public static JsonElement Picked(JsonElement value, IEnumerable<string> names) => Build(writer =>
    {
        writer.WriteStartObject();
        foreach (var name in names.Distinct())
        {
            if (!value.TryGetProperty(name, out var property)) continue;
            writer.WritePropertyName(name);
            property.WriteTo(writer);
        }
        writer.WriteEndObject();
    });

    /// <summary>Bytes of its JSON; none when there is no value.</summary>
    public static long Length(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? 0 : JsonMarshal.GetRawUtf8Value(value).Length;

    private static JsonElement Build(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options)) write(writer);
        return JsonLimits.Parse(buffer.WrittenSpan);
    }
}
