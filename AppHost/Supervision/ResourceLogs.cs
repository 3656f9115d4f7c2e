using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Conductor.AppHost.Composition;
using Serilog;
using Serilog.Core;

namespace Conductor.AppHost.Supervision;

/// <summary>What the resources print, on the console and in files of bounded size, two for each resource. Aspire's own copy is gone when it ends.</summary>
internal sealed partial class ResourceLogs(DataFolder data, ConsoleLog console, ResourceLoggerService source) : IDisposable
{
    private readonly ConcurrentDictionary<string, Logger> _files = new(StringComparer.Ordinal);

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
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { } // the application stops
    }

    /// <summary>A line of the AppHost's own about a resource.</summary>
    public void Say(string name, string text) => Write(name, text, "HOS");

    /// <summary>The last lines of a resource.</summary>
    public IEnumerable<string> Last(string name, int count) => !Directory.Exists(data.Logs) ? [] :
        new DirectoryInfo(data.Logs).EnumerateFiles($"{name}*.log").OrderBy(f => f.LastWriteTimeUtc)
            .TakeLast(1).SelectMany(f => File.ReadLines(f.FullName)).TakeLast(count);

    public void Dispose()
    {
        foreach (var file in _files.Values)
        {
            try { file.Dispose(); }
            catch (IOException) { } // what a full disk did not take is lost
        }
    }

    /// <summary>Aspire puts the time before each line, as we do.</summary>
    private static string WithoutTime(string line) => line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end &&
        DateTimeOffset.TryParse(line.AsSpan(0, end), CultureInfo.InvariantCulture, out _) ? line[(end + 1)..] : line;

    private void Write(string name, string text, string stream)
    {
        var line = text.Contains('\e', StringComparison.Ordinal) ? Colours().Replace(text, "") : text;
        // A full disk loses lines, and nothing else.
        _files.GetOrAdd(name, Open).Information("{Stream} {Line}", stream, line);
        console.Write(name, line, stream == "ERR");
    }

    private Logger Open(string name) => new LoggerConfiguration()
        .WriteTo.File(Path.Combine(data.Logs, $"{name}.log"), outputTemplate: "{Timestamp:o} {Message:l}{NewLine}",
            formatProvider: CultureInfo.InvariantCulture, fileSizeLimitBytes: 5_000_000, rollOnFileSizeLimit: true, retainedFileCountLimit: 2)
        .CreateLogger();

    /// <summary>ECMA-48 control sequences, with which programs colour what they print.</summary>
    [GeneratedRegex(@"\e\[[0-9;]*[A-Za-z]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Colours();
}
