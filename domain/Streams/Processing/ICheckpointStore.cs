using System.Runtime.InteropServices;

namespace Conductor.Domain.Streams.Processing;

/// <summary>Keeps how far each partition of each component has been processed, together with its counters.</summary>
public interface ICheckpointStore
{
    /// <summary>
    /// Takes over a partition with a later epoch: from now on, only that epoch can save.
    /// </summary>
    /// <exception cref="Brokers.FencedException">A later epoch has taken it over already.</exception>
    Task<KeptCheckpoint> TakeOverAsync(CheckpointKey key, long epoch, CancellationToken cancellationToken);

    /// <summary>Saves position and counters as one.</summary>
    /// <exception cref="Brokers.FencedException">A later epoch has taken the partition over.</exception>
    Task SaveAsync(CheckpointKey key, long epoch, Checkpoint checkpoint, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps what the checkpoint will be once a transaction at the broker has been committed, beside the last one that has. Whoever takes over asks the
    /// broker which of the two it is.
    /// </summary>
    /// <exception cref="Brokers.FencedException">A later epoch has taken the partition over.</exception>
    Task PrepareAsync(CheckpointKey key, long epoch, KeptCheckpoint checkpoint, CancellationToken cancellationToken);

    /// <summary>The checkpoints of a pipeline's components, by component and partition.</summary>
    Task<IReadOnlyDictionary<CheckpointKey, Checkpoint>> ReadAsync(string pipeline, CancellationToken cancellationToken);

    /// <summary>Forgets a pipeline.</summary>
    Task DeleteAsync(string pipeline, CancellationToken cancellationToken);
}

/// <summary>What is kept of a partition.</summary>
/// <param name="Last">The last checkpoint that is known to be one; null where there is none.</param>
/// <param name="Pending">What it is if the broker has committed what was about to be; null where nothing was.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct KeptCheckpoint(Checkpoint? Last, Checkpoint? Pending);

/// <summary>Names a partition of a component's input.</summary>
/// <param name="Pipeline">Pipeline.</param>
/// <param name="Component">Component.</param>
/// <param name="Source">Topic, or the folder's own name.</param>
/// <param name="Partition">From 0.</param>
public readonly record struct CheckpointKey(string Pipeline, string Component, string Source, int Partition)
{
    /// <summary>The group in which a topic is read, where it is not the component's own; empty otherwise. Another group has another position.</summary>
    public string Group { get => field ?? ""; init; }
}
