using MassTransit;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>One run of an instance's messages, up to the first that throws.</summary>
internal sealed class SagaBatchRun<TSaga>(TSaga? stored, IReadOnlySet<Guid> consumedBefore)
    where TSaga : class, ISaga
{
    private readonly HashSet<Guid> _consumed = [];
    private readonly List<QueuedMessage<TSaga>> _done = [];
    private readonly List<QueuedMessage<TSaga>> _later = [];
    private readonly SagaWorkspace<TSaga> _workspace = new(stored);

    public SagaChange<TSaga>? Change => _workspace.Change;
    public IReadOnlyCollection<Guid> Consumed => _consumed;
    public IReadOnlyList<QueuedMessage<TSaga>> Done => _done;
    public IReadOnlyList<QueuedMessage<TSaga>> Later => _later;

    /// <summary>Returns the message that threw, which has been answered then; null when none did.</summary>
    public async Task<QueuedMessage<TSaga>?> RunAsync(IReadOnlyList<QueuedMessage<TSaga>> messages)
    {
        foreach (var message in messages)
        {
            message.Effects.Clear();
            if (_workspace.HasCompleted) _later.Add(message);
            else if (IsDuplicate(message)) _done.Add(message);
            else if (!await TryRunAsync(message)) return message;
        }
        return null;
    }

    private async Task<bool> TryRunAsync(QueuedMessage<TSaga> message)
    {
        try
        {
            await message.RunAsync(_workspace);
            _done.Add(message);
            return true;
        }
        catch (Exception e)
        {
            message.Fail(e);
            return false;
        }
    }

    private bool IsDuplicate(QueuedMessage<TSaga> message)
    {
        if (message.InboxId is not { } inbox) return false;
        var known = consumedBefore.Contains(inbox.Id) || !_consumed.Add(inbox.Id);
        return known && !inbox.IsGuess;
    }
}
