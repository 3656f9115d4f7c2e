using System.Globalization;
using Conductor.Domain.Streams.Records;

namespace Conductor.Domain.Streams.Processing;

/// <summary>Where a component's records come from: a topic read in a group, or a folder of files. Disposing leaves the group.</summary>
public interface IRecordSource : IAsyncDisposable
{
    /// <summary>
    /// The partitions that this member is to read, each as soon as it is given to it; goes on until cancelled. A partition that
    /// was handed back can come again.
    /// </summary>
    IAsyncEnumerable<IPartitionReader> PartitionsAsync(CancellationToken cancellationToken);
}

/// <summary>Reads one partition while this member holds it. Disposing hands the partition back.</summary>
public interface IPartitionReader : IAsyncDisposable
{
    /// <summary>The topic, or the folder's own name.</summary>
    string Source { get; }

    /// <summary>From 0.</summary>
    int Partition { get; }

    /// <summary>Grows with every holder of this partition: what carries a lower number is of a holder that has been replaced.</summary>
    long Epoch { get; }

    /// <summary>
    /// Cancelled when somebody else is to have the partition: write and commit what has been read, then dispose. A reader that
    /// takes too long is fenced.
    /// </summary>
    CancellationToken Revoked { get; }

    /// <summary>
    /// Grows when the source begins anew under its name, so that offsets of an earlier generation say nothing; as far as the source can tell.
    /// </summary>
    Task<int> GenerationAsync(CancellationToken cancellationToken);

    /// <summary>Batches from an offset on, or from the committed position when null; waits for more until cancelled.</summary>
    /// <exception cref="Brokers.LostPositionException">The partition does not hold the next record any more, or not yet.</exception>
    IAsyncEnumerable<StreamBatch> ReadAsync(long? from, CancellationToken cancellationToken);

    /// <summary>Stores where the next holder goes on.</summary>
    /// <exception cref="Brokers.FencedException">Somebody else holds the partition.</exception>
    Task CommitAsync(long nextOffset, CancellationToken cancellationToken);

    /// <summary>How many records are waiting behind an offset, as far as the source knows without reading them: it can be some seconds behind.</summary>
    Task<long> LagAsync(long nextOffset, CancellationToken cancellationToken);

    /// <summary>Where a record came from, in words that lead a person to it.</summary>
    RecordOrigin OriginOf(in StreamRecord record);
}

/// <summary>Where a record came from.</summary>
/// <param name="Source">A file, or <c>topic/partition</c>.</param>
/// <param name="Position">The place in it: an offset, a record's index, a byte position.</param>
public readonly record struct RecordOrigin(string Source, string Position)
{
    /// <summary>A record of a topic.</summary>
    public static RecordOrigin InTopic(string topic, in StreamRecord record) => new(
        string.Create(CultureInfo.InvariantCulture, $"{topic}/{record.Partition}"), record.Offset.ToString(CultureInfo.InvariantCulture));
}
