using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Conductor.Domain.Workflows.Limits;

/// <summary>Names a place in a JSON text, as <c>$.tasks[2].name</c>.</summary>
internal static class JsonPlace
{
    /// <summary>The path of the token that starts at a byte; a key that cannot be read is shown as U+FFFD.</summary>
    public static string At(ReadOnlySpan<byte> json, long at)
    {
        // For each level the key, or the index in a list (-1 before the first).
        var levels = new List<(string? Key, int Index)>();
        var reader = new Utf8JsonReader(json, JsonLimits.Reader);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray) levels.RemoveAt(levels.Count - 1);
            else if (reader.TokenType == JsonTokenType.PropertyName) levels[^1] = (Key(ref reader), -1);
            else if (levels is [.., (null, var index)]) levels[^1] = (null, index + 1);
            if (reader.TokenStartIndex >= at) break;
            if (reader.TokenType == JsonTokenType.StartObject) levels.Add(("", -1));
            else if (reader.TokenType == JsonTokenType.StartArray) levels.Add((null, -1));
        }
        var path = new StringBuilder("$");
        foreach (var (key, index) in levels.Take(20))
            path.Append(key is null ? string.Create(CultureInfo.InvariantCulture, $"[{index}]") : "." + key);
        return path.ToString();
    }

    private static string Key(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? "\uFFFD" : Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, 100)]);
}
