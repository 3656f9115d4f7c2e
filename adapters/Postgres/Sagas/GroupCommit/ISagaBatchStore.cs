using MassTransit;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>
/// Where the instances of a saga live, read and written in batches. One store object serves every lane at a time, so it keeps
/// nothing between calls. All calls of a batch come in one READ COMMITTED transaction.
/// </summary>
/// <typeparam name="TSaga">Instance type.</typeparam>
public interface ISagaBatchStore<TSaga> where TSaga : class, ISaga
{
    /// <summary>
    /// Loads the instances of these messages, and may prefetch what the messages will need. The ids are locked already against
    /// every other batch in every process, present or not; a store whose rows are also written by others locks them too, in id
    /// order. May be called again in the same transaction, for an instance whose message failed. All messages are correlated by id.
    /// </summary>
    /// <returns>The instances by id; an absent one is not in the result.</returns>
    Task<IReadOnlyDictionary<Guid, TSaga>> LoadAsync(BatchTransaction transaction, IReadOnlyList<SagaMessage> messages, CancellationToken cancellationToken);

    /// <summary>
    /// Writes all changes of the batch, with statements that travel together with the outgoing messages and the commit, in one round trip.
    /// </summary>
    Task SaveAsync(BatchTransaction transaction, IReadOnlyList<SagaChange<TSaga>> changes, CancellationToken cancellationToken);
}
