using System.Collections.Concurrent;
using Conductor.Hosting.Composition;

namespace Conductor.Hosting.Logs;

/// <summary>The logs of all resources.</summary>
internal sealed class LogStore(DataFolder data, ConsoleLog console, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);

    public ResourceLog this[string name] => _logs.GetOrAdd(name, n => new ResourceLog(n, data.Logs, console, time));

    public void Dispose()
    {
        foreach (var log in _logs.Values) log.Dispose();
    }
}
