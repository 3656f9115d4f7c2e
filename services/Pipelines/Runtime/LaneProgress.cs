using Conductor.Domain.Streams.Processing;

namespace Conductor.Pipelines.Runtime;

/// <summary>What a lane has done since its last checkpoint, and when the next one is due.</summary>
internal sealed class LaneProgress(Checkpoint? saved, TimeSpan every, int records, TimeProvider time)
{
    private long _since = time.GetTimestamp();
    private long _unsaved;

    public RecordCounters Counters { get; private set; } = saved?.Counters ?? default;

    public long? NextOffset { get; private set; } = saved?.NextOffset;

    public Origins Origins { get; } = new(saved?.Origins ?? new Dictionary<string, long>());

    public bool IsDirty => _unsaved > 0;

    public bool IsDue => _unsaved >= records || (IsDirty && time.GetElapsedTime(_since) >= every);

    /// <summary>How long to wait for more records before a checkpoint is due.</summary>
    public TimeSpan Patience
    {
        get
        {
            if (!IsDirty) return every;
            var left = every - time.GetElapsedTime(_since);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public void Add(RecordCounters counters, long nextOffset)
    {
        if (_unsaved == 0) _since = time.GetTimestamp();
        _unsaved += counters.Read + counters.Copies;
        Counters += counters;
        NextOffset = nextOffset;
    }

    public Checkpoint ToCheckpoint() => new(NextOffset ?? 0, Counters, Origins.Snapshot());

    public void Saved() => _unsaved = 0;
}
