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
        var text = JsonLine.Render(line);
        lock (_lock)
        {
            output.WriteLine(colours ? $"\e[{Colour(name)}m{name,-10}\e[0m {(isError ? $"\e[31m{text}\e[0m" : text)}" : $"{name,-10} {text}");
        }
    }

    /// <summary>A line of the application as a whole, which is shown even when it is quiet.</summary>
    public void Announce(string line)
    {
        lock (_lock)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    private string Colour(string name)
    {
        if (!_colours.TryGetValue(name, out var colour)) _colours[name] = colour = Palette[_colours.Count % Palette.Length];
        return colour;
    }
}
