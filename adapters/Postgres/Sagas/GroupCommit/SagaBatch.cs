using MassTransit;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>
/// Runs messages in one transaction. Those of one instance run in their order; one that throws is answered at once, and what
/// it did to its instance is undone by loading the instance again and running the instance's other messages again.
/// </summary>
internal sealed class SagaBatch<TSaga>(
    BatchTransaction transaction, ISagaBatchStore<TSaga> store, HashSet<Guid> consumed)
    where TSaga : class, ISaga
{
    private readonly List<SagaChange<TSaga>> _changes = [];
    private readonly List<QueuedMessage<TSaga>> _done = [];
    private readonly List<QueuedMessage<TSaga>> _later = [];

    /// <summary>What is to be written.</summary>
    public IReadOnlyList<SagaChange<TSaga>> Changes => _changes;

    /// <summary>Messages to be answered after the commit.</summary>
    public IReadOnlyList<QueuedMessage<TSaga>> Done => _done;

    /// <summary>Messages for an instance that this batch finalises: they are to meet it gone, in the next batch.</summary>
    public IReadOnlyList<QueuedMessage<TSaga>> Later => _later;

    /// <summary>Messages that were claimed in the inbox but not consumed: they failed, or come later.</summary>
    public IReadOnlyCollection<Guid> Released(IEnumerable<QueuedMessage<TSaga>> messages) =>
        [.. messages.Select(x => x.InboxId?.Id).OfType<Guid>().Where(x => !consumed.Contains(x)).Distinct()];

    /// <summary>False if a message that failed may have written rows: the others must run in another transaction.</summary>
    public async Task<bool> RunAsync(IReadOnlyList<QueuedMessage<TSaga>> messages)
    {
        var loaded = await LoadAsync(messages);
        if (messages[0].IsQuery) return await RunGroupAsync([.. messages], loaded);
        foreach (var group in messages.GroupBy(x => x.SagaIds[0]))
            if (!await RunGroupAsync([.. group], loaded)) return false;
        return true;
    }

    private async Task<bool> RunGroupAsync(List<QueuedMessage<TSaga>> group, IReadOnlyDictionary<Guid, TSaga> loaded)
    {
        while (true)
        {
            var run = new SagaBatchRun<TSaga>(transaction, group[0].SagaIds, loaded, consumed);
            if (await run.RunAsync(group)) return Keep(run);
            if (run.UsedConnection) return false;
            group.Remove(run.Failed!);
            if (group.Count == 0) return true;
            loaded = await LoadAsync(group);
        }
    }

    private bool Keep(SagaBatchRun<TSaga> run)
    {
        run.Workspace.AddChangesTo(_changes);
        _done.AddRange(run.Done);
        _later.AddRange(run.Later);
        consumed.UnionWith(run.Consumed);
        return true;
    }

    private Task<IReadOnlyDictionary<Guid, TSaga>> LoadAsync(IEnumerable<QueuedMessage<TSaga>> messages) =>
        store.LoadAsync(transaction.Connection, transaction.Transaction,
            [.. messages.SelectMany(x => x.SagaIds, (x, id) => new SagaMessage(id, x.Message))], CancellationToken.None);
}
