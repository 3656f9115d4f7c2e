using MassTransit;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>The instance that some messages of a batch work on, one after the other, in memory, and what became of it.</summary>
/// <param name="stored">The instance in the database; null when there is none.</param>
internal sealed class SagaWorkspace<TSaga>(TSaga? stored) where TSaga : class, ISaga
{
    private readonly bool _isNew = stored is null;
    private TSaga? _saga = stored;
    private bool _isChanged;

    /// <summary>The instance was finalised; what comes for it next belongs to the next batch.</summary>
    public bool HasCompleted { get; private set; }

    /// <summary>The instance now; null when there is none (any more).</summary>
    public TSaga? Saga => HasCompleted ? null : _saga;

    /// <summary>What is to be written; null when nothing is.</summary>
    public SagaChange<TSaga>? Change => _isChanged ? new(_saga!, _isNew, HasCompleted) : null;

    /// <summary>False if there is one already.</summary>
    public bool TryInsert(TSaga saga)
    {
        if (_saga is not null) return false;
        (_saga, _isChanged) = (saga, true);
        return true;
    }

    public void Changed(bool completed) => (_isChanged, HasCompleted) = (true, completed);
}
