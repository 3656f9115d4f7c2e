using System.Threading.Channels;

namespace Conductor.StreamRider.Consuming;

/// <summary>
/// Works on the records of a partition in parallel, those of one key one after the other. A record without a key may go at any time; in a single lane
/// the partition's order is kept.
/// </summary>
internal sealed class KeyLanes
{
    private readonly Channel<Func<Task>>[] _lanes;
    private readonly Task[] _workers;
    private volatile bool _stopped;
    private uint _turn;

    public KeyLanes(int count)
    {
        _lanes = [.. Enumerable.Range(0, count).Select(_ => Channel.CreateUnbounded<Func<Task>>(new() { SingleReader = true }))];
        _workers = [.. _lanes.Select(lane => Task.Run(() => WorkAsync(lane.Reader)))];
    }

    /// <summary>Adds work; it must not throw.</summary>
    public void Add(ReadOnlySpan<byte> key, Func<Task> work) => _lanes[LaneOf(key)].Writer.TryWrite(work);

    /// <summary>Leaves what has not begun, and returns when what has is over.</summary>
    public Task StopAsync()
    {
        _stopped = true;
        foreach (var lane in _lanes) lane.Writer.TryComplete();
        return Task.WhenAll(_workers);
    }

    private async Task WorkAsync(ChannelReader<Func<Task>> lane)
    {
        await foreach (var work in lane.ReadAllAsync())
        {
            if (_stopped) return;
            await work();
        }
    }

    // Not the hash that chose the partition: all keys of a partition are alike to it.
    private int LaneOf(ReadOnlySpan<byte> key)
    {
        if (_lanes.Length == 1) return 0;
        if (key.IsEmpty) return (int)(_turn++ % (uint)_lanes.Length);
        var hash = default(HashCode);
        hash.AddBytes(key);
        return (int)((uint)hash.ToHashCode() % (uint)_lanes.Length);
    }
}
