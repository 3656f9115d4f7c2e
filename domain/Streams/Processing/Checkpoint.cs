using System.Runtime.InteropServices;

namespace Conductor.Domain.Streams.Processing;

/// <summary>How far a partition has been processed, everything before it being durable in every sink.</summary>
/// <param name="NextOffset">Where reading goes on.</param>
/// <param name="Counters">What came of the records before it.</param>
/// <param name="Origins">What is known of the origins of the records (<see cref="Origins"/>), to tell copies from records.</param>
public sealed record Checkpoint(long NextOffset, RecordCounters Counters, IReadOnlyDictionary<string, long> Origins)
{
    /// <summary>Up to which offset single sinks hold everything, by name: those that are further than <see cref="NextOffset"/>.</summary>
    public IReadOnlyDictionary<string, long> Sinks { get; init; } = new Dictionary<string, long>();

    /// <summary>
    /// How often the source began anew, so that its offsets stand for other records (<see cref="Brokers.LostPositionException.BeganAnew"/>).
    /// </summary>
    public int Rewinds { get; init; }

    /// <summary>The source's generation that the offsets belong to (<see cref="IPartitionReader.GenerationAsync"/>).</summary>
    public int Generation { get; init; }
}

/// <summary>What came of the records that were read: <c>Read = Passed + Skipped + DeadLettered</c>, always.</summary>
/// <param name="Passed">All processors passed them.</param>
/// <param name="Skipped">A processor skipped them.</param>
/// <param name="DeadLettered">They could not be decoded, processed or written, for reasons of their own.</param>
/// <param name="Written">Records that sinks took; one record in two sinks counts twice.</param>
/// <param name="Copies">Copies of records that had been read before; they were dropped and do not count as read.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RecordCounters(long Passed, long Skipped, long DeadLettered, long Written, long Copies)
{
    /// <summary>Offsets that were left out because the source did not hold the position any more; they do not count as read.</summary>
    public long Lost { get; init; }

    /// <summary>All records, without copies.</summary>
    public long Read => Passed + Skipped + DeadLettered;

    /// <summary>Adds up two parts.</summary>
    public static RecordCounters operator +(RecordCounters left, RecordCounters right) => Add(left, right);

    /// <summary>Adds up two parts.</summary>
    public static RecordCounters Add(RecordCounters left, RecordCounters right) => new(
        left.Passed + right.Passed, left.Skipped + right.Skipped, left.DeadLettered + right.DeadLettered, left.Written + right.Written,
        left.Copies + right.Copies) { Lost = left.Lost + right.Lost };
}
