using System.Collections.Concurrent;
using Conductor.Domain.Workflows.Definitions;
using Conductor.Postgres.Workflows;

namespace Conductor.Workflows.Tasks;

/// <summary>The limits of task types, as they are registered now: they hold for tasks that were scheduled before, too.</summary>
internal sealed class TypeLimits(DefinitionTables tables)
{
    private ConcurrentDictionary<string, TaskLimit?> _known = new();

    /// <summary>The next hand-out reads the registered definitions again.</summary>
    public void Forget() => _known = new();

    /// <summary>The limits of a type; null when it has none.</summary>
    public async ValueTask<TaskLimit?> OfAsync(string taskType, CancellationToken cancellationToken)
    {
        var known = _known;
        if (known.TryGetValue(taskType, out var limit)) return limit;
        var definitions = await tables.TasksAsync([taskType], cancellationToken);
        return known[taskType] = definitions is [var definition] ? Of(definition) : null;
    }

    /// <summary>The limits of the type whose tasks wait on a queue: its name is the queue's, or what follows the worker domain and a colon.</summary>
    public async ValueTask<TaskLimit?> OfQueueAsync(string queue, CancellationToken cancellationToken)
    {
        // Names of types and of domains may hold colons.
        for (var start = 0; ; start = queue.IndexOf(':', start) + 1)
        {
            if (await OfAsync(queue[start..], cancellationToken) is { } limit) return limit;
            if (queue.IndexOf(':', start) < 0) return null;
        }
    }

    private static TaskLimit? Of(TaskDefinition definition)
    {
        var window = TimeSpan.FromSeconds(Math.Max(1, definition.RateLimitFrequencyInSeconds));
        var limit = new TaskLimit(definition.Name!, definition.ConcurrentExecLimit ?? 0, definition.RateLimitPerFrequency, window);
        return limit is { Concurrent: <= 0, PerWindow: <= 0 } ? null : limit;
    }
}
