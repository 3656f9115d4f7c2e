using Conductor.Domain.Streams.Processing;

namespace Conductor.Domain.Streams.Brokers;

/// <summary>A broker on which producing and moving on are one step: readers of committed records see each result once.</summary>
public interface ITransactionalBroker : IStreamBroker
{
    /// <summary>
    /// Opens transactions under a name. Whoever has transactions open under it is fenced, and what was under way there is undone, or, where its commit
    /// had been decided, done.
    /// </summary>
    Task<IStreamTransactions> OpenTransactionsAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// The committed position of a reader of this broker; null when there is none. Waits while a transaction that may move it is undecided.
    /// </summary>
    Task<long?> CommittedAsync(IPartitionReader reader, CancellationToken cancellationToken);
}

/// <summary>
/// One transaction after the other; each begins with what is produced first. Not thread-safe. Disposing undoes what was not committed.
/// </summary>
public interface IStreamTransactions : IAsyncDisposable
{
    /// <summary>Opens a producer whose records belong to the transactions. Its flush waits for the broker; records show with the commit.</summary>
    /// <exception cref="UnknownTopicException">There is no such topic.</exception>
    Task<IStreamProducer> OpenProducerAsync(string topic, CancellationToken cancellationToken);

    /// <summary>Commits what was produced together with the position behind what it came from.</summary>
    /// <param name="reader">Reader of a partition of the same broker.</param>
    /// <param name="nextOffset">Where the reader's group goes on.</param>
    /// <param name="cancellationToken">Gives up; whether it was committed is not known then.</param>
    /// <exception cref="FencedException">Somebody else has opened transactions under the name, or has the partition.</exception>
    /// <exception cref="StreamUnavailableException">It was not committed, or nobody knows whether it was: open them anew and look at the position.</exception>
    Task CommitAsync(IPartitionReader reader, long nextOffset, CancellationToken cancellationToken);
}
