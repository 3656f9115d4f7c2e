using System.Net.ServerSentEvents;
using System.Threading.Channels;

namespace Conductor.Console.Live;

/// <summary>
/// The change feed of one service. It is read only while somebody listens; whether the service is there counts as a change too,
/// so that open pages show that it went away, and that it is back.
/// </summary>
internal sealed partial class ChangeSource(string name, Func<HttpClient> connect, TimeProvider time, ILogger<ChangeSource> log)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly HashSet<ChannelWriter<string>> _listeners = [];
    private CancellationTokenSource? _reading;

    public bool IsRead
    {
        get
        {
            lock (_gate)
                return _reading is not null;
        }
    }

    public void Add(ChannelWriter<string> listener)
    {
        lock (_gate)
        {
            if (!_listeners.Add(listener) || _reading is not null)
                return;
            _reading = new();
            _ = ReadAsync(_reading.Token);
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

    private async Task ReadAsync(CancellationToken ct)
    {
        var (pause, isDown) = (Shortest, false);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await foreach (var data in FeedAsync(ct))
                {
                    (pause, isDown) = (Shortest, false);
                    Tell(data);
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                Lost(log, name, e.Message);
            }
            if (!isDown)
                Tell(Gone);
            isDown = true;
            await Task.Delay(pause, time, ct).ContinueWith(_ => { }, TaskScheduler.Default);
            pause = pause * 2 < Longest ? pause * 2 : Longest;
        }
    }

    private string Gone => $$"""{"topic":"{{name}}","reachable":false}""";

    private async IAsyncEnumerable<string> FeedAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        using var http = connect();
        await using var stream = await http.GetStreamAsync("/events", ct);
        yield return $$"""{"topic":"{{name}}","reachable":true}""";
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(ct))
            yield return item.Data;
    }

    private void Tell(string data)
    {
        lock (_gate)
        {
            foreach (var listener in _listeners)
                listener.TryWrite(data);
        }
    }

    [LoggerMessage(LogLevel.Information, "The change feed of {Service} ended: {Reason}")]
    private static partial void Lost(ILogger log, string service, string reason);
}
