using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Pipelines.Runtime;

/// <summary>What a lane has done since its last checkpoint, and when the next one is due.</summary>
internal sealed class LaneProgress(Checkpoint? saved, int generation, (TimeSpan Every, int Records) due, TimeProvider time)
{
    private Checkpoint? _saved = saved;
    private long _since = time.GetTimestamp();
    private long _unsaved;
    private long? _first;

    /// <summary>The last checkpoint; null before the first.</summary>
    public Checkpoint? Last => _saved;

    public RecordCounters Counters { get; private set; } = saved?.Counters ?? default;

    public long? NextOffset { get; private set; } = saved?.NextOffset;

    public Origins Origins { get; } = new(saved?.Origins ?? new Dictionary<string, long>());

    /// <summary>What single sinks held already at the last checkpoint.</summary>
    public IReadOnlyDictionary<string, long> Sinks => _saved?.Sinks ?? new Dictionary<string, long>();

    /// <summary>How often the source began anew.</summary>
    public int Rewinds => _saved?.Rewinds ?? 0;

    /// <summary>Set when the source has begun anew since the position was saved.</summary>
    public LostPositionException? BeganAnew =>
        _saved is { } last && last.Generation != generation ? new LostPositionException(last.NextOffset, held: default, isAnew: true) : null;

    public bool IsDirty => _unsaved > 0;

    public bool IsDue => _unsaved >= due.Records || (IsDirty && time.GetElapsedTime(_since) >= due.Every);

    /// <summary>How long to wait for more records before a checkpoint is due.</summary>
    public TimeSpan Patience
    {
        get
        {
            if (!IsDirty) return due.Every;
            var left = due.Every - time.GetElapsedTime(_since);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public void Add(RecordCounters counters, long firstOffset, long nextOffset)
    {
        if (_unsaved == 0) _since = time.GetTimestamp();
        _first ??= firstOffset;
        _unsaved += counters.Read + counters.Copies;
        Counters += counters;
        NextOffset = nextOffset;
    }

    /// <summary>All sinks hold everything that was read.</summary>
    public Checkpoint ToCheckpoint() => new(NextOffset ?? 0, Counters, Origins.Snapshot()) { Rewinds = Rewinds, Generation = generation };

    /// <summary>The last checkpoint, or the beginning, with what single sinks hold beyond it.</summary>
    public Checkpoint WithSinks(Func<long, IReadOnlyDictionary<string, long>> positionsBehind)
    {
        var last = _saved ?? new Checkpoint(_first ?? 0, default, new Dictionary<string, long>()) { Generation = generation };
        return last with { Sinks = positionsBehind(last.NextOffset) };
    }

    /// <summary>Reading goes on elsewhere, since the source does not hold the position any more.</summary>
    public Checkpoint GoneOnAt(LostPositionException lost, long next) =>
        new(next, Counters with { Lost = Counters.Lost + lost.LeftOut(next) }, Origins.Snapshot())
        {
            Rewinds = Rewinds + (lost.BeganAnew ? 1 : 0), Generation = generation,
        };

    public void Saved(Checkpoint checkpoint) => (_saved, _unsaved) = (checkpoint, 0);
}
