using MassTransit;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>One run of an instance's messages, up to the first that throws.</summary>
internal sealed class SagaBatchRun<TSaga>(
    BatchTransaction transaction, IReadOnlyList<Guid> ids, IReadOnlyDictionary<Guid, TSaga> loaded, IReadOnlySet<Guid> consumedBefore)
    where TSaga : class, ISaga
{
    private readonly HashSet<Guid> _consumed = [];
    private readonly List<QueuedMessage<TSaga>> _done = [];
    private readonly List<QueuedMessage<TSaga>> _later = [];

    public SagaWorkspace<TSaga> Workspace { get; } = new(ids, loaded);

    public IReadOnlyCollection<Guid> Consumed => _consumed;
    public IReadOnlyList<QueuedMessage<TSaga>> Done => _done;
    public IReadOnlyList<QueuedMessage<TSaga>> Later => _later;
    public QueuedMessage<TSaga>? Failed { get; private set; }
    public bool UsedConnection { get; private set; }

    /// <summary>False if a message threw; it has been answered then.</summary>
    public async Task<bool> RunAsync(IReadOnlyList<QueuedMessage<TSaga>> messages)
    {
        foreach (var message in messages)
        {
            message.Effects.Begin(null);
            if (Workspace.HasCompleted) _later.Add(message);
            else if (IsDuplicate(message)) _done.Add(message);
            else if (!await TryRunAsync(message)) return false;
        }
        return true;
    }

    private async Task<bool> TryRunAsync(QueuedMessage<TSaga> message)
    {
        try
        {
            await message.RunAsync(Workspace, transaction);
            message.Effects.End();
            _done.Add(message);
            return true;
        }
        catch (Exception e)
        {
            Failed = message;
            UsedConnection = message.Effects.UsedConnection || _done.Exists(x => x.Effects.UsedConnection);
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
