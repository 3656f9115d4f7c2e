using System.Text.Json;

namespace Conductor.Worker.Handlers;

internal static class TaskJson
{
    private static readonly JsonElement Empty = JsonSerializer.SerializeToElement(new { });

    // As deep as the service stores values.
    private const int Deepest = 2_000;

    /// <summary>camelCase out, any case in, numbers also from strings.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { MaxDepth = Deepest };

    public static T Read<T>(JsonElement input) => (T)Read(input, typeof(T));

    public static object Read(JsonElement input, Type type)
    {
        if (type == typeof(JsonElement)) return input;
        try
        {
            return input.Deserialize(type, Options) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            // The same input will not fit next time either.
            throw new TaskFailedException($"the input does not fit {type.Name}: {e.Message}", terminal: true, e);
        }
    }

    /// <summary>A task's output is a JSON object; anything else goes under <c>result</c>.</summary>
    public static JsonElement Write(object? output)
    {
        if (output is null) return Empty;
        var json = output is JsonElement element ? element : JsonSerializer.SerializeToElement(output, output.GetType(), Options);
        return json.ValueKind switch
        {
            JsonValueKind.Object => json.Clone(),
            JsonValueKind.Undefined or JsonValueKind.Null => Empty,
            _ => JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { ["result"] = json }),
        };
    }
}
