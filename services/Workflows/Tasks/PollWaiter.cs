using Conductor.Postgres.Workflows;

namespace Conductor.Workflows.Tasks;

/// <summary>A worker that waits at a queue. Changed under the queue's lock only.</summary>
internal sealed class PollWaiter(string? workerId, int count)
{
    private readonly TaskCompletionSource<IReadOnlyList<HandedOutTask>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<HandedOutTask> _got = [];
    private int _underWay;
    private Exception? _failure;

    public string? WorkerId => workerId;

    public Task<IReadOnlyList<HandedOutTask>> Answer => _answer.Task;

    /// <summary>How many more tasks it can be promised: none once it has one, so that nobody waits long for whoever comes last.</summary>
    public int Free => _got.Count > 0 || IsExpired || _failure is not null ? 0 : count - _underWay;

    /// <summary>Tasks are on their way to it: it is answered when the last is settled.</summary>
    public bool IsPromised => _underWay > 0;

    /// <summary>Its time is up.</summary>
    public bool IsExpired { get; private set; }

    /// <summary>Nobody is there any more to take tasks.</summary>
    public bool IsCanceled { get; private set; }

    public void Promise() => _underWay++;

    /// <summary>A promise is settled: with a task, without one, or by a failure.</summary>
    public void Settle(HandedOutTask? task, Exception? failure = null)
    {
        _underWay--;
        if (task is not null) _got.Add(task);
        _failure ??= failure;
    }

    public void Expire(bool canceled) => (IsExpired, IsCanceled) = (true, canceled);

    /// <summary>Answers it, if there is nothing more to wait for; false while there is.</summary>
    public bool TryAnswer()
    {
        if (IsPromised) return false;
        if (_got.Count > 0 || (IsExpired && _failure is null)) return _answer.TrySetResult(_got);
        return _failure is not null && _answer.TrySetException(_failure);
    }
}
