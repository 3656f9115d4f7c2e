using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.Domain.Streams.Brokers;

/// <summary>Produces to one topic. Not thread-safe. Disposing abandons what has not been flushed.</summary>
public interface IStreamProducer : IAsyncDisposable
{
    /// <summary>
    /// Sends records; a record with a key goes to the partition of that key (see <see cref="Partitioner"/>), others in turn.
    /// Returns when the bytes have been taken over, and waits while too many records are unconfirmed.
    /// </summary>
    /// <exception cref="BadRecordException">A record is larger than the broker takes. Those before it were sent; the producer goes on working.</exception>
    ValueTask ProduceAsync(ReadOnlyMemory<StreamRecord> records, CancellationToken cancellationToken);

    /// <summary>Returns when the broker has confirmed every record sent so far.</summary>
    /// <exception cref="StreamUnavailableException">It did not; records since the last flush may or may not be in the topic.</exception>
    ValueTask FlushAsync(CancellationToken cancellationToken);
}
