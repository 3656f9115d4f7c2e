using System.Diagnostics.CodeAnalysis;
using Conductor.Postgres.Sagas.GroupCommit;

namespace Conductor.Postgres.Tests.Sagas.GroupCommit;

/// <summary>A store whose batches a test can spoil.</summary>
public sealed class FaultyStore(TallyStore store) : ISagaBatchStore<TallyState>
{
    private int _batches;

    /// <summary>A statement to be executed with a batch of these changes, or null.</summary>
    public Func<IReadOnlyList<SagaChange<TallyState>>, string?> Spoil { get; set; } = _ => null;

    /// <summary>Whether a message that has run waits for <see cref="Wait"/>.</summary>
    public Predicate<object> Waits { get; set; } = _ => false;

    public Task Wait { get; set; } = Task.CompletedTask;

    public int Batches => _batches;

    public bool MustWait(object message, [NotNullWhen(true)] out Task? wait)
    {
        wait = Waits(message) ? Wait : null;
        return wait is not null;
    }

    public Task<IReadOnlyDictionary<Guid, TallyState>> LoadAsync(
        BatchTransaction transaction, IReadOnlyList<SagaMessage> messages, CancellationToken cancellationToken) =>
        store.LoadAsync(transaction, messages, cancellationToken);

    public async Task<IBatchOutcome?> SaveAsync(
        BatchTransaction transaction, IReadOnlyList<SagaChange<TallyState>> changes, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _batches);
        await store.SaveAsync(transaction, changes, cancellationToken);
        if (Spoil(changes) is { } statement) transaction.Statements.BatchCommands.Add(new(statement));
        return null;
    }
}
