using MassTransit;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>The instances that some messages of a batch work on, in memory, and what became of them.</summary>
internal sealed class SagaWorkspace<TSaga> where TSaga : class, ISaga
{
    private readonly Dictionary<Guid, Slot> _slots = [];

    public SagaWorkspace(IReadOnlyList<Guid> ids, IReadOnlyDictionary<Guid, TSaga> loaded)
    {
        foreach (var id in ids)
            if (loaded.TryGetValue(id, out var saga)) _slots[id] = new Slot(saga, isNew: false);
    }

    /// <summary>An instance was finalised; what comes for it next belongs to the next batch.</summary>
    public bool HasCompleted { get; private set; }

    public TSaga? Find(Guid id)
    {
        lock (_slots) return _slots.TryGetValue(id, out var slot) && !slot.IsCompleted ? slot.Saga : null;
    }

    public IReadOnlyList<TSaga> Where(Func<TSaga, bool> filter)
    {
        lock (_slots) return [.. _slots.Values.Where(x => !x.IsCompleted && filter(x.Saga)).Select(x => x.Saga)];
    }

    /// <summary>False if there is one with its id already.</summary>
    public bool TryInsert(TSaga saga)
    {
        lock (_slots) return _slots.TryAdd(saga.CorrelationId, new Slot(saga, isNew: true) { IsChanged = true });
    }

    // A query-correlated message may run for several instances at a time, hence the locks.
    public void Changed(TSaga saga, bool completed)
    {
        lock (_slots)
        {
            var slot = _slots[saga.CorrelationId];
            slot.IsChanged = true;
            slot.IsCompleted = completed;
            HasCompleted |= completed;
        }
    }

    public void AddChangesTo(List<SagaChange<TSaga>> changes)
    {
        foreach (var slot in _slots.Values)
            if (slot.IsChanged) changes.Add(new SagaChange<TSaga>(slot.Saga, slot.IsNew, slot.IsCompleted));
    }

    private sealed class Slot(TSaga saga, bool isNew)
    {
        public TSaga Saga { get; } = saga;
        public bool IsNew { get; } = isNew;
        public bool IsChanged { get; set; }
        public bool IsCompleted { get; set; }
    }
}
