using System.Diagnostics.CodeAnalysis;
using MassTransit;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>A message of a batch and the instance that it is for.</summary>
/// <param name="SagaId">Correlation id; the instance need not exist.</param>
/// <param name="Message">The message.</param>
/// <param name="IsNew">Whoever sent it made the id for it: there is no such instance, and none is looked for.</param>
public readonly record struct SagaMessage(Guid SagaId, object Message, bool IsNew = false);

/// <summary>What a batch did to one instance, however many of its messages were for it.</summary>
/// <typeparam name="TSaga">Instance type.</typeparam>
/// <param name="Saga">The instance as the last message left it.</param>
/// <param name="IsNew">It is not in the database yet.</param>
/// <param name="IsCompleted">It was finalised: its row goes. Together with <paramref name="IsNew"/>: it never becomes a row.</param>
public readonly record struct SagaChange<TSaga>(TSaga Saga, bool IsNew, bool IsCompleted) where TSaga : class;

/// <summary>
/// Where the instances of a saga live, read and written in batches. One store object serves every lane at a time, so it keeps
/// nothing between calls. All calls of a batch come in one READ COMMITTED transaction.
/// </summary>
/// <typeparam name="TSaga">Instance type.</typeparam>
public interface ISagaBatchStore<TSaga> where TSaga : class, ISaga
{
    /// <summary>
    /// Whether batches lock the ids of their instances before they load them. A store that keeps instances in memory between batches need
    /// not, as long as its writes fail (SQLSTATE <see cref="Stale"/>) when another server has changed one since; a batch that fails so is tried
    /// again with locks.
    /// </summary>
    bool NeedsLocks => true;

    /// <summary>SQLSTATE of a write that met another version of an instance.</summary>
    const string Stale = "CD409";

    /// <summary>
    /// Loads the instances of these messages, and may prefetch what the messages will need. The ids are locked already
    /// (<see cref="BatchTransaction.IsLocked"/>), if batches lock at all, against every other batch in every process, present or not; a store whose
    /// rows are also written by others locks them too, in id order. May be called again in the same transaction, for an instance whose message
    /// failed. All messages are correlated by id.
    /// </summary>
    /// <returns>The instances by id; an absent one is not in the result.</returns>
    Task<IReadOnlyDictionary<Guid, TSaga>> LoadAsync(BatchTransaction transaction, IReadOnlyList<SagaMessage> messages, CancellationToken cancellationToken);

    /// <summary>
    /// Writes all changes of the batch, with statements that travel together with the outgoing messages and the commit, in one round trip.
    /// </summary>
    /// <returns>Who is to be told what became of the batch; null for nobody.</returns>
    Task<IBatchOutcome?> SaveAsync(BatchTransaction transaction, IReadOnlyList<SagaChange<TSaga>> changes, CancellationToken cancellationToken);

    /// <summary>
    /// Asked when a message has run: whether it waits for something before it can run again, and for what. A message that waits must have
    /// changed and sent nothing; it leaves its batch, so that nothing is locked meanwhile, and comes first in its lane when the task ends. It
    /// fails when the task does, and when the service stops. Messages that came after it do not wait for it.
    /// </summary>
    bool MustWait(object message, [NotNullWhen(true)] out Task? wait)
    {
        wait = null;
        return false;
    }

    /// <summary>Asked when the connection broke while a batch without locks was being committed: whether the changes are in the database. The
    /// transaction is another one, to read in.</summary>
    Task<bool> IsSavedAsync(BatchTransaction transaction, IReadOnlyList<SagaChange<TSaga>> changes, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{GetType().Name} takes no locks, and cannot tell what it has saved");
}

/// <summary>Told what became of a batch, once. Neither may wait or throw.</summary>
public interface IBatchOutcome
{
    /// <summary>It is committed; callers are answered next.</summary>
    void Committed();

    /// <summary>It is not, and what it did is void.</summary>
    void Abandoned();
}
