using Conductor.Postgres.Workflows;

namespace Conductor.Workflows.Tasks;

/// <summary>A worker that waits in a lane. Changed under the lane's lock only.</summary>
internal sealed class PollWaiter(string? workerId, int count, bool waits)
{
    private readonly TaskCompletionSource<IReadOnlyList<HandedOutTask>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string? WorkerId => workerId;
    public int Count => count;

    /// <summary>False: one look at the queue is enough.</summary>
    public bool Waits => waits;
    public Task<IReadOnlyList<HandedOutTask>> Answer => _answer.Task;

    /// <summary>A query for it is under way: tasks may come although its time is up.</summary>
    public bool IsAsked { get; private set; }

    /// <summary>Its time is up.</summary>
    public bool IsExpired { get; private set; }

    /// <summary>Nobody is there any more to take tasks.</summary>
    public bool IsCanceled { get; private set; }

    public void Ask() => IsAsked = true;

    public void Asked() => IsAsked = false;

    public void Expire(bool canceled)
    {
        IsExpired = waits;
        IsCanceled = canceled;
    }

    public void Give(IReadOnlyList<HandedOutTask> tasks) => _answer.TrySetResult(tasks);

    public void Fail(Exception why) => _answer.TrySetException(why);
}
