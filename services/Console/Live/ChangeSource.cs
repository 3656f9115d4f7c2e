using System.Threading.Channels;
using Conductor.ServiceDefaults.Logging;

namespace Conductor.Console.Live;

/// <summary>
/// A feed of changes, handed on to all who listen. It is read only while somebody does; that it ended counts as a change too,
/// so that open pages show that a service went away, and that it is back.
/// </summary>
internal sealed class ChangeSource(string name, Func<CancellationToken, IAsyncEnumerable<string>> feed, TimeProvider time, ILogger<ChangeSource> log)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private readonly OutageLog _outage = new($"The change feed of {name}", log, time);
    private readonly Lock _gate = new();
    private readonly HashSet<ChannelWriter<string>> _listeners = [];
    private CancellationTokenSource? _reading;
    private CancellationTokenSource? _told;
    private long _version;

    public bool IsRead
    {
        get
        {
            lock (_gate)
                return _reading is not null;
        }
    }

    /// <summary>Another number after each change that was told; null while changes could pass unnoticed.</summary>
    public long? Version
    {
        get
        {
            lock (_gate)
                return _reading is not null && _told == _reading ? _version : null;
        }
    }

    public void Add(ChannelWriter<string> listener)
    {
        lock (_gate)
        {
            if (!_listeners.Add(listener) || _reading is not null)
                return;
            _reading = new();
            _ = ReadAsync(_reading);
        }
    }

    public void Remove(ChannelWriter<string> listener)
    {
        CancellationTokenSource? last = null;
        lock (_gate)
        {
            if (_listeners.Remove(listener) && _listeners.Count == 0)
                (last, _reading) = (_reading, null);
        }
        last?.Cancel();
    }

    private async Task ReadAsync(CancellationTokenSource reading)
    {
        var (ct, pause, isDown) = (reading.Token, Shortest, false);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await foreach (var data in feed(ct))
                {
                    (pause, isDown) = (Shortest, false);
                    _outage.Succeeded();
                    Tell(data, reading);
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                _outage.Failed(e);
            }
            if (!isDown)
                Tell(Gone, reading: null);
            isDown = true;
            await Task.Delay(pause, time, ct).ContinueWith(_ => { }, TaskScheduler.Default);
            pause = pause * 2 < Longest ? pause * 2 : Longest;
        }
    }

    private string Gone => $$"""{"topic":"{{name}}","reachable":false}""";

    private void Tell(string data, CancellationTokenSource? reading)
    {
        lock (_gate)
        {
            (_told, _version) = (reading, _version + 1);
            foreach (var listener in _listeners)
                listener.TryWrite(data);
        }
    }
}
