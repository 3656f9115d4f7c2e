using System.Text.Json;

namespace Conductor.AppHost.Supervision;

/// <summary>Makes a JSON log line (as .NET's JSON console formatter writes it) readable; leaves any other line as it is.</summary>
internal static class JsonLine
{
    public static string Render(string line)
    {
        if (line.Length == 0 || line[0] != '{') return line;
        try
        {
            using var json = JsonDocument.Parse(line);
            var message = Text(json, "Message", "message", "@m");
            if (message is null) return line;
            var level = Text(json, "LogLevel", "level", "@l");
            var exception = Text(json, "Exception", "exception", "@x");
            return $"{Short(level)}{message}{(exception is null ? "" : Environment.NewLine + exception)}";
        }
        catch (JsonException)
        {
            return line;
        }
    }

    private static string? Text(JsonDocument json, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String) return value.GetString();
        }
        return null;
    }

    private static string Short(string? level) => level switch
    {
        null or "" or "Information" or "info" => "",
        _ => level[..Math.Min(4, level.Length)].ToLowerInvariant() + ": ",
    };
}
