using System.Text.RegularExpressions;

namespace Conductor.Hosting.Logs;

internal enum LogStream
{
    /// <summary>What AppHost itself says about the resource.</summary>
    Host,
    Output,
    Error,
}

internal sealed record LogLine(DateTimeOffset At, LogStream Stream, string Line);

/// <summary>What a resource printed: the last lines in memory, more of them in a file of bounded size, all of them on the console.</summary>
internal sealed partial class ResourceLog(string name, string folder, ConsoleLog console, TimeProvider time) : IDisposable
{
    private const int Kept = 2000;
    private readonly BoundedFile _file = new(Path.Combine(folder, name + ".log"));
    private readonly Queue<LogLine> _lines = new();
    private readonly Lock _lock = new();

    public void Write(LogStream stream, string line)
    {
        var entry = new LogLine(time.GetUtcNow(), stream, line.Contains('\e', StringComparison.Ordinal) ? Colours().Replace(line, "") : line);
        lock (_lock)
        {
            if (_lines.Count == Kept) _lines.Dequeue();
            _lines.Enqueue(entry);
            _file.Write($"{entry.At:O} {stream.ToString()[..3].ToUpperInvariant()} {entry.Line}");
        }
        console.Write(name, entry);
    }

    public IReadOnlyList<LogLine> Tail(int count)
    {
        lock (_lock)
        {
            return [.. _lines.TakeLast(count)];
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>ECMA-48 control sequences, with which programs colour what they print.</summary>
    [GeneratedRegex(@"\e\[[0-9;]*[A-Za-z]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Colours();
}
