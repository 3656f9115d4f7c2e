using System.Collections.Concurrent;

namespace Conductor.Workflows.Retention;

/// <summary>
/// Executions that cannot be archived, because something of them cannot be read: they stay in the database and hold up no other, until the service
/// starts anew and tries again. Thread-safe.
/// </summary>
internal sealed partial class SetAside(ILogger<SetAside> logger)
{
    private readonly ConcurrentDictionary<Guid, byte> _ids = new();

    public IReadOnlyCollection<Guid> Ids => [.. _ids.Keys];

    public void Add(Guid id, Exception why)
    {
        if (_ids.TryAdd(id, 0)) LogUnreadable(why, id);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The execution {WorkflowId} cannot be archived and stays in the database")]
    private partial void LogUnreadable(Exception exception, Guid workflowId);
}
