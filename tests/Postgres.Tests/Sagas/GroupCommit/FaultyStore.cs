using Conductor.Postgres.Sagas.GroupCommit;

namespace Conductor.Postgres.Tests.Sagas.GroupCommit;

/// <summary>A store whose batches a test can spoil.</summary>
public sealed class FaultyStore(TallyStore store) : ISagaBatchStore<TallyState>
{
    private int _batches;

    /// <summary>A statement to be executed with a batch of these changes, or null.</summary>
    public Func<IReadOnlyList<SagaChange<TallyState>>, string?> Spoil { get; set; } = _ => null;

    public int Batches => _batches;

    public Task<IReadOnlyDictionary<Guid, TallyState>> LoadAsync(
        BatchTransaction transaction, IReadOnlyList<SagaMessage> messages, CancellationToken cancellationToken) =>
        store.LoadAsync(transaction, messages, cancellationToken);

    public async Task SaveAsync(BatchTransaction transaction, IReadOnlyList<SagaChange<TallyState>> changes, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _batches);
        await store.SaveAsync(transaction, changes, cancellationToken);
        if (Spoil(changes) is { } statement) transaction.Statements.BatchCommands.Add(new(statement));
    }
}
