using System.Collections.Concurrent;

namespace Conductor.Hosting.Supervision;

/// <summary>The status of every resource; whoever waits for a status waits here.</summary>
internal sealed class ResourceBoard
{
    private readonly ConcurrentDictionary<string, ResourceStatus> _statuses = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    public ResourceStatus this[string name] => _statuses.GetOrAdd(name, _ => new ResourceStatus());

    public void Update(string name, Func<ResourceStatus, ResourceStatus> change)
    {
        TaskCompletionSource told;
        lock (_lock)
        {
            var old = this[name];
            var now = change(old);
            if (now == old) return;
            _statuses[name] = now;
            Version++;
            (told, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        told.SetResult();
    }

    /// <summary>Waits until the status of a resource is as wanted, and returns it.</summary>
    public async Task<ResourceStatus> WaitAsync(string name, Func<ResourceStatus, bool> wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = Changed();
            if (this[name] is var status && wanted(status)) return status;
            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Completes at the next change.</summary>
    public Task Changed()
    {
        lock (_lock)
        {
            return _changed.Task;
        }
    }
}
