using MassTransit;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>
/// Runs messages in one transaction. Those of one instance run in their order; one that throws is answered at once, one that has to wait
/// leaves, and what it did to its instance is undone by loading the instance again and running the instance's other messages again.
/// </summary>
internal sealed class SagaBatch<TSaga>(BatchTransaction transaction, ISagaBatchStore<TSaga> store) where TSaga : class, ISaga
{
    private readonly List<SagaChange<TSaga>> _changes = [];
    private readonly List<QueuedMessage<TSaga>> _done = [];
    private readonly List<QueuedMessage<TSaga>> _later = [];

    /// <summary>What is to be written.</summary>
    public IReadOnlyList<SagaChange<TSaga>> Changes => _changes;

    /// <summary>Messages to be answered after the commit.</summary>
    public IReadOnlyList<QueuedMessage<TSaga>> Done => _done;

    /// <summary>
    /// Messages for an instance that this batch finalises: they are to meet it gone, in the next batch. And those that wait for something.
    /// </summary>
    public IReadOnlyList<QueuedMessage<TSaga>> Later => _later;

    public async Task RunAsync(IReadOnlyList<QueuedMessage<TSaga>> messages)
    {
        var loaded = await LoadAsync(messages);
        // Sorted, which keeps the order of each instance: most have one message, for which a group of its own would be three objects.
        var ofOne = new List<QueuedMessage<TSaga>>(1);
        var id = Guid.Empty;
        foreach (var message in messages.OrderBy(x => x.SagaId))
        {
            if (message.SagaId != id)
            {
                await RunAsync(id, ofOne, loaded);
                ofOne.Clear();
                id = message.SagaId;
            }
            ofOne.Add(message);
        }
        await RunAsync(id, ofOne, loaded);
    }

    private async Task RunAsync(Guid id, List<QueuedMessage<TSaga>> messages, IReadOnlyDictionary<Guid, TSaga> loaded)
    {
        while (messages.Count > 0)
        {
            var run = new InstanceRun<TSaga>(loaded.GetValueOrDefault(id), store);
            if (await run.RunAsync(messages) is not { } left)
            {
                Keep(run, messages);
                return;
            }
            messages.Remove(left);
            if (left.Wait is not null) _later.Add(left);
            if (messages.Count > 0) loaded = await LoadAsync(messages);
        }
    }

    private void Keep(InstanceRun<TSaga> run, List<QueuedMessage<TSaga>> messages)
    {
        if (run.Change is { } change) _changes.Add(change);
        for (var i = 0; i < messages.Count; i++) (i < run.Done ? _done : _later).Add(messages[i]);
    }

    private Task<IReadOnlyDictionary<Guid, TSaga>> LoadAsync(IEnumerable<QueuedMessage<TSaga>> messages) =>
        store.LoadAsync(transaction, [.. messages.Select(x => new SagaMessage(x.SagaId, x.Message, x.IsNew && !transaction.IsLocked))], CancellationToken.None);
}
