using Conductor.Domain.Streams.Records;

namespace Conductor.Domain.Streams.Processing;

/// <summary>Where a component's records go: a topic, a folder of files.</summary>
public interface IRecordSink : IAsyncDisposable
{
    /// <summary>
    /// Opens a writer for what comes from one partition of a source. Opening with a later epoch shuts out the writers of earlier
    /// ones: what they have not flushed is gone, and they cannot flush any more.
    /// </summary>
    Task<ISinkWriter> OpenAsync(SinkPartition partition, CancellationToken cancellationToken);
}

/// <summary>The part of the input that one writer is for.</summary>
/// <param name="Source">The topic, or the folder's own name.</param>
/// <param name="Partition">Partition of the source.</param>
/// <param name="Epoch">The reader's epoch (<see cref="IPartitionReader.Epoch"/>).</param>
public readonly record struct SinkPartition(string Source, int Partition, long Epoch);

/// <summary>Writes the records of one source partition. Not thread-safe. Disposing abandons what has not been flushed.</summary>
public interface ISinkWriter : IAsyncDisposable
{
    /// <summary>
    /// The source offset up to which the sink holds everything, when it stores its position with its data: records before it
    /// must not be written again. Null when the sink cannot tell (at least once; copies carry
    /// <see cref="RecordHeaderNames.DedupeId"/>) or holds nothing yet.
    /// </summary>
    long? Position { get; }

    /// <summary>Takes records in offset order; their bytes may be reused when this returns.</summary>
    /// <exception cref="BadRecordException">
    /// The sink can never take one of them. Of those before it nothing is said: whoever wants to know writes one at a time. The writer goes on working.
    /// </exception>
    ValueTask WriteAsync(ReadOnlyMemory<StreamRecord> records, CancellationToken cancellationToken);

    /// <summary>Makes everything written durable, together with the position where it can; returns when it is.</summary>
    /// <param name="nextOffset">Source offset behind the last record that was read (also those that were not written).</param>
    /// <param name="cancellationToken">Gives up; the writer can only be disposed then.</param>
    /// <exception cref="Brokers.FencedException">A writer with a later epoch has been opened.</exception>
    ValueTask FlushAsync(long nextOffset, CancellationToken cancellationToken);
}
