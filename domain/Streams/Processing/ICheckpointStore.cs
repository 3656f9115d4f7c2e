using System.Runtime.InteropServices;

namespace Conductor.Domain.Streams.Processing;

/// <summary>Keeps how far each partition of each component has been processed, together with its counters.</summary>
public interface ICheckpointStore
{
    /// <summary>
    /// Takes over a partition with a later epoch: from now on, only that epoch can save. Returns the last checkpoint, or null
    /// where there is none.
    /// </summary>
    /// <exception cref="Brokers.FencedException">A later epoch has taken it over already.</exception>
    Task<Checkpoint?> TakeOverAsync(CheckpointKey key, long epoch, CancellationToken cancellationToken);

    /// <summary>Saves position and counters as one.</summary>
    /// <exception cref="Brokers.FencedException">A later epoch has taken the partition over.</exception>
    Task SaveAsync(CheckpointKey key, long epoch, Checkpoint checkpoint, CancellationToken cancellationToken);

    /// <summary>The checkpoints of a pipeline's components, by component and partition.</summary>
    Task<IReadOnlyDictionary<CheckpointKey, Checkpoint>> ReadAsync(string pipeline, CancellationToken cancellationToken);

    /// <summary>Forgets a pipeline.</summary>
    Task DeleteAsync(string pipeline, CancellationToken cancellationToken);
}

/// <summary>Names a partition of a component's input.</summary>
/// <param name="Pipeline">Pipeline.</param>
/// <param name="Component">Component.</param>
/// <param name="Source">Topic, or the folder's own name.</param>
/// <param name="Partition">From 0.</param>
public readonly record struct CheckpointKey(string Pipeline, string Component, string Source, int Partition);

/// <summary>How far a partition has been processed, everything before it being durable in every sink.</summary>
/// <param name="NextOffset">Where reading goes on.</param>
/// <param name="Counters">What came of the records before it.</param>
public sealed record Checkpoint(long NextOffset, RecordCounters Counters);

/// <summary>What came of the records that were read: <c>Read = Passed + Skipped + DeadLettered</c>, always.</summary>
/// <param name="Passed">All processors passed them.</param>
/// <param name="Skipped">A processor skipped them.</param>
/// <param name="DeadLettered">They could not be decoded.</param>
/// <param name="Written">Records that sinks took; one record in two sinks counts twice.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RecordCounters(long Passed, long Skipped, long DeadLettered, long Written)
{
    /// <summary>All of them.</summary>
    public long Read => Passed + Skipped + DeadLettered;

    /// <summary>Adds up two parts.</summary>
    public static RecordCounters operator +(RecordCounters a, RecordCounters b) =>
        new(a.Passed + b.Passed, a.Skipped + b.Skipped, a.DeadLettered + b.DeadLettered, a.Written + b.Written);

    /// <inheritdoc cref="op_Addition" />
    public static RecordCounters Add(RecordCounters left, RecordCounters right) => left + right;
}
