using System.Collections.Concurrent;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Pipelines.Runtime;

/// <summary>What a node in this process is doing, for people.</summary>
internal sealed class NodeStatus
{
    private readonly ConcurrentDictionary<(string Source, int Partition), LaneStatus> _lanes = new();
    private readonly Queue<long> _samples = new();
    private readonly ConcurrentDictionary<int, string> _instances = new();
    private volatile string? _sharing;
    private volatile string? _end;
    private volatile string? _lostPosition;

    /// <summary>Records per second over the last five seconds.</summary>
    public double PerSecond { get; private set; }

    /// <summary>What keeps the node, one of its instances or one of its lanes from going on; null when nothing does.</summary>
    public string? Error => _end ?? _instances.Values.FirstOrDefault() ?? _lanes.Values.Select(l => l.Error).FirstOrDefault(e => e is not null) ?? _sharing;

    /// <summary>Why the run cannot go on; null when it can.</summary>
    public string? End => _end;

    /// <summary>The latest position that the source did not hold any more, and where it went on; null when there was none.</summary>
    public string? LostPosition => _lostPosition;

    public ICollection<LaneStatus> Lanes => _lanes.Values;

    /// <summary>Sharing instances among the processes does not work, or works again (null).</summary>
    public void SharingFailed(string? error) => _sharing = error;

    /// <summary>An instance does not work, or works again (null).</summary>
    public void InstanceFailed(int instance, string? error)
    {
        if (error is null) _instances.TryRemove(instance, out _);
        else _instances[instance] = error;
    }

    /// <summary>Somebody has to decide before the run goes on.</summary>
    public void Ends(string reason)
    {
        _end ??= reason;
        HasEnded?.Invoke();
    }

    /// <summary>Called when the node cannot go on.</summary>
    public Action? HasEnded { get; set; }

    public LaneStatus Open(IPartitionReader reader) => _lanes[(reader.Source, reader.Partition)] = new LaneStatus(reader, loss => _lostPosition = loss);

    public void Close(LaneStatus lane) => _lanes.TryRemove(KeyValuePair.Create((lane.Reader.Source, lane.Reader.Partition), lane));

    /// <summary>To be called once a second.</summary>
    public void Sample()
    {
        _samples.Enqueue(_lanes.Values.Sum(l => l.Read));
        if (_samples.Count > 6) _samples.Dequeue();
        PerSecond = Math.Max(0, (double)(_samples.Last() - _samples.Peek()) / Math.Max(1, _samples.Count - 1));
    }
}

/// <summary>What a lane is doing.</summary>
internal sealed class LaneStatus(IPartitionReader reader, Action<string> lose)
{
    private readonly Lock _lock = new();
    private RecordCounters? _counters;
    private long _before;
    private long? _next;

    public IPartitionReader Reader { get; } = reader;

    /// <summary>Records that wait; null when not known yet.</summary>
    public long? Lag { get; set; }

    public string? Error { get; private set; }

    /// <summary>All counts of the partition, including what is not yet in a checkpoint; null while the last checkpoint is not known here.</summary>
    public RecordCounters? Counters
    {
        get
        {
            lock (_lock) return _counters;
        }
    }

    /// <summary>Records that this lane has read itself.</summary>
    public long Read
    {
        get
        {
            lock (_lock) return (_counters?.Read ?? _before) - _before;
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
        lock (_lock)
        {
            if (_counters is null) _before = counters.Read;
            (_counters, _next) = (counters, next);
        }
    }

    public void Failed(string error) => Error = error;

    /// <summary>Counts the checkpoints, to tell a lane that gets on from one that fails each time.</summary>
    public long Checkpoints { get; private set; }

    public void Saved()
    {
        Error = null;
        Checkpoints++;
    }

    public void PositionLost(string loss) => lose(loss);
}
