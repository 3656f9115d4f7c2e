using Conductor.Sagas.Workflow;
using Microsoft.Extensions.Caching.Memory;

namespace Conductor.Workflows.Sagas;

/// <summary>
/// Executions between their batches, as the last commit left them, so that the next batch reads nothing. A batch takes its executions out and
/// puts them back after its commit: what failed is read anew.
/// </summary>
internal sealed class ExecutionCache : IDisposable
{
    private const long MostBytes = 32 << 20;
    private const int BytesOfState = 3000;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MostBytes, ExpirationScanFrequency = Idle / 2 });
    private readonly ITimer _sweep;

    // The cache looks for what has expired only while somebody uses it: after the last of many executions it would keep them.
    public ExecutionCache(TimeProvider time) => _sweep = time.CreateTimer(_ => _cache.Compact(0), null, Idle, Idle);

    public WorkflowState? Take(Guid id)
    {
        if (!_cache.TryGetValue(id, out WorkflowState? state)) return null;
        _cache.Remove(id);
        return state;
    }

    /// <summary>Keeps an execution for a while, if there is room.</summary>
    public void Put(WorkflowState state, int bytes)
    {
        using var entry = _cache.CreateEntry(state.CorrelationId);
        (entry.Value, entry.Size, entry.SlidingExpiration) = (state, BytesOfState + bytes, Idle);
    }

    /// <summary>Forgets everything: others may have changed it.</summary>
    public void Clear() => _cache.Clear();

    public void Dispose()
    {
        _sweep.Dispose();
        _cache.Dispose();
    }
}
