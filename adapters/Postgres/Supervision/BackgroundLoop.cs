namespace Conductor.Postgres.Supervision;

/// <summary>A loop that works in the background, as its supervision sees it. Thread-safe.</summary>
public sealed class BackgroundLoop : IDisposable
{
    private readonly BackgroundLoops _loops;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private readonly Lock _lock = new();
    private long? _busySince;
    private string? _failure;
    private bool _hasDied;

    internal BackgroundLoop(string name, TimeSpan patience, BackgroundLoops loops, TimeProvider time) =>
        (Name, _patience, _loops, _time) = (name, patience, loops, time);

    /// <summary>What it does, for people.</summary>
    public string Name { get; }

    /// <summary>A turn begins: from now on it has to end within the loop's patience.</summary>
    public void Busy()
    {
        lock (_lock) _busySince = _time.GetTimestamp();
    }

    /// <summary>It waits for something to do, however long.</summary>
    public void Rest()
    {
        lock (_lock) _busySince = null;
    }

    /// <summary>Waits, and is busy again afterwards.</summary>
    public async Task RestAsync(Task wait)
    {
        Rest();
        await wait;
        Busy();
    }

    /// <summary>Ends the supervision: the loop has ended as it should.</summary>
    public void Dispose() => _loops.Forget(this);

    /// <summary>What is wrong with it; null when all is well.</summary>
    internal (bool IsDown, string What)? Trouble
    {
        get
        {
            lock (_lock)
            {
                if (_hasDied) return (true, $"{Name} has ended: {_failure}");
                if (_busySince is { } since && _time.GetElapsedTime(since) is var elapsed && elapsed > _patience)
                    return (true, $"{Name} is stuck since {elapsed.TotalSeconds:0} s");
                return _failure is null ? null : (false, $"{Name} fails: {_failure}");
            }
        }
    }

    internal void Failed(string? why)
    {
        lock (_lock) _failure = why;
    }

    internal void Died(string why)
    {
        lock (_lock) (_failure, _hasDied) = (why, true);
    }
}
