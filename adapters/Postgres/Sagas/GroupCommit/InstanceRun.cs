using MassTransit;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>One run of an instance's messages, one after the other, in memory, up to the first that throws or has to wait.</summary>
/// <param name="stored">The instance in the database; null when there is none.</param>
/// <param name="store">Knows whether a message waits for something.</param>
internal sealed class InstanceRun<TSaga>(TSaga? stored, ISagaBatchStore<TSaga> store)
    where TSaga : class, ISaga
{
    private readonly bool _isNew = stored is null;
    private TSaga? _saga = stored;
    private bool _isChanged;
    private bool _hasCompleted;

    /// <summary>The instance now; null when there is none (any more).</summary>
    public TSaga? Saga => _hasCompleted ? null : _saga;

    /// <summary>What is to be written; null when nothing is.</summary>
    public SagaChange<TSaga>? Change => _isChanged ? new(_saga!, _isNew, _hasCompleted) : null;

    /// <summary>
    /// So many of its messages are to be answered after the commit. Those behind them came after the one that finalised the instance: they are to
    /// meet it gone, in the next batch.
    /// </summary>
    public int Done { get; private set; }

    /// <summary>False if there is an instance already.</summary>
    public bool TryInsert(TSaga saga)
    {
        if (_saga is not null) return false;
        (_saga, _isChanged) = (saga, true);
        return true;
    }

    public void Changed(bool completed) => (_isChanged, _hasCompleted) = (true, completed);

    /// <summary>Returns the message that threw, which has been answered then, or that has to wait; null when none did.</summary>
    public async Task<QueuedMessage<TSaga>?> RunAsync(IReadOnlyList<QueuedMessage<TSaga>> messages)
    {
        foreach (var message in messages)
        {
            message.Effects.Clear();
            if (_hasCompleted) continue;
            if (!await TryRunAsync(message)) return message;
            Done++;
        }
        return null;
    }

    private async Task<bool> TryRunAsync(QueuedMessage<TSaga> message)
    {
        try
        {
            await message.RunAsync(this);
            var mustWait = store.MustWait(message.Message, out var wait);
            message.Wait = wait;
            return !mustWait;
        }
        catch (Exception e)
        {
            message.Fail(e);
            return false;
        }
    }
}
