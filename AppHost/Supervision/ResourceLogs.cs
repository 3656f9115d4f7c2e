using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Conductor.AppHost.Composition;

namespace Conductor.AppHost.Supervision;

/// <summary>What the resources print: in a file of bounded size for each, and on the console. Aspire's own copy is gone when it ends.</summary>
internal sealed partial class ResourceLogs(DataFolder data, ConsoleLog console, ResourceLoggerService source, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.Ordinal);

    /// <summary>Follows the output of one process of a resource.</summary>
    public async Task KeepAsync(string name, string id, CancellationToken stop)
    {
        try
        {
            await foreach (var batch in source.WatchAsync(id).WithCancellation(stop))
            {
                foreach (var line in batch) Write(name, WithoutTime(line.Content), line.IsErrorMessage ? "ERR" : "OUT");
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The application stops.
        }
    }

    /// <summary>A line of the AppHost's own about a resource.</summary>
    public void Say(string name, string text) => Write(name, text, "HOS");

    /// <summary>The last lines of a resource.</summary>
    public IReadOnlyList<string> Last(string name) => _logs.TryGetValue(name, out var log) ? log.Last() : [];

    public void Dispose()
    {
        foreach (var log in _logs.Values) log.Dispose();
    }

    /// <summary>Aspire puts the time before each line, as we do.</summary>
    private static string WithoutTime(string line) =>
        line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end && DateTimeOffset.TryParse(line.AsSpan(0, end), CultureInfo.InvariantCulture, out _) ? line[(end + 1)..] : line;

    private void Write(string name, string text, string stream)
    {
        var line = text.Contains('\e', StringComparison.Ordinal) ? Colours().Replace(text, "") : text;
        _logs.GetOrAdd(name, n => new ResourceLog(Path.Combine(data.Logs, n + ".log"))).Write($"{time.GetUtcNow():O} {stream} ", line);
        console.Write(name, line, stream == "ERR");
    }

    /// <summary>ECMA-48 control sequences, with which programs colour what they print.</summary>
    [GeneratedRegex(@"\e\[[0-9;]*[A-Za-z]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Colours();
}

/// <summary>The file of one resource, and its last lines.</summary>
internal sealed class ResourceLog(string path) : IDisposable
{
    private const int Remembered = 10;
    private readonly BoundedFile _file = new(path);
    private readonly Queue<string> _last = new();
    private readonly Lock _lock = new();

    public void Write(string head, string line)
    {
        lock (_lock)
        {
            if (_last.Count == Remembered) _last.Dequeue();
            _last.Enqueue(line);
            _file.Write(head + line);
        }
    }

    public IReadOnlyList<string> Last()
    {
        lock (_lock)
        {
            return [.. _last];
        }
    }

    public void Dispose() => _file.Dispose();
}
