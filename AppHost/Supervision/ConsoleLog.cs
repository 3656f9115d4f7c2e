using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Conductor.AppHost.Supervision;

/// <summary>Merges the lines of all resources on the console, each behind its resource's name in a colour of its own.</summary>
internal sealed class ConsoleLog(TextWriter output, bool colours, bool quiet)
{
    private static readonly string[] Palette = ["36", "33", "32", "35", "34", "96", "93", "92", "95", "94"];
    private readonly Dictionary<string, string> _colours = [];
    private readonly Lock _lock = new();

    public ConsoleLog(IConfiguration configuration)
        : this(System.Console.Out, !System.Console.IsOutputRedirected && configuration["NO_COLOR"] is null, configuration.GetValue<bool>("quiet"))
    {
    }

    public void Write(string name, string line, bool isError)
    {
        if (quiet) return;
        var text = Readable(line);
        lock (_lock)
        {
            output.WriteLine(colours ? $"\e[{Colour(name)}m{name,-10}\e[0m {(isError ? $"\e[31m{text}\e[0m" : text)}" : $"{name,-10} {text}");
        }
    }

    /// <summary>A line of the application as a whole, which is shown even when it is quiet.</summary>
    public void Announce(string line)
    {
        lock (_lock) output.WriteLine(line);
    }

    /// <summary>A line of .NET's JSON console formatter, made readable; any other as it is.</summary>
    public static string Readable(string line)
    {
        if (line is not ['{', ..]) return line;
        try
        {
            using var json = JsonDocument.Parse(line);
            if (Text(json, "Message") is not { } message) return line;
            var level = Text(json, "LogLevel") is { } text and not "Information" ? text[..Math.Min(4, text.Length)].ToLowerInvariant() + ": " : "";
            return level + message + (Text(json, "Exception") is { } exception ? Environment.NewLine + exception : "");
        }
        catch (JsonException)
        {
            return line;
        }
    }

    private string Colour(string name)
    {
        if (!_colours.TryGetValue(name, out var colour)) _colours[name] = colour = Palette[_colours.Count % Palette.Length];
        return colour;
    }

    private static string? Text(JsonDocument json, string name) =>
        json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
