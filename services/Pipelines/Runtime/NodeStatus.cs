using System.Collections.Concurrent;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Pipelines.Runtime;

/// <summary>What a node in this process is doing, for people.</summary>
internal sealed class NodeStatus
{
    private readonly ConcurrentDictionary<(string Source, int Partition), LaneStatus> _lanes = new();
    private readonly Queue<long> _samples = new();
    private volatile string? _error;

    /// <summary>Records per second over the last five seconds.</summary>
    public double PerSecond { get; private set; }

    /// <summary>What keeps the node, or one of its lanes, from going on; null when nothing does.</summary>
    public string? Error => _error ?? _lanes.Values.Select(l => l.Error).FirstOrDefault(e => e is not null);

    public ICollection<LaneStatus> Lanes => _lanes.Values;

    public void Failed(string? error) => _error = error;

    public LaneStatus Open(IPartitionReader reader) => _lanes[(reader.Source, reader.Partition)] = new LaneStatus(reader);

    public void Close(LaneStatus lane) => _lanes.TryRemove(KeyValuePair.Create((lane.Reader.Source, lane.Reader.Partition), lane));

    /// <summary>To be called once a second.</summary>
    public void Sample()
    {
        _samples.Enqueue(_lanes.Values.Sum(l => l.Counters.Read));
        if (_samples.Count > 6) _samples.Dequeue();
        PerSecond = Math.Max(0, (double)(_samples.Last() - _samples.Peek()) / Math.Max(1, _samples.Count - 1));
    }
}

/// <summary>What a lane is doing.</summary>
internal sealed class LaneStatus(IPartitionReader reader)
{
    private readonly Lock _lock = new();
    private RecordCounters _counters;
    private long? _next;

    public IPartitionReader Reader { get; } = reader;

    /// <summary>Records that wait; null when not known yet.</summary>
    public long? Lag { get; set; }

    public string? Error { get; private set; }

    /// <summary>All counts of the partition, including what is not yet in a checkpoint.</summary>
    public RecordCounters Counters
    {
        get
        {
            lock (_lock) return _counters;
        }
    }

    public long? Next
    {
        get
        {
            lock (_lock) return _next;
        }
    }

    public void Update(RecordCounters counters, long? next)
    {
        lock (_lock) (_counters, _next) = (counters, next);
    }

    public void Failed(string error) => Error = error;

    public void Saved() => Error = null;
}
