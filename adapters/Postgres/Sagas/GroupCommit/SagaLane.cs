using System.Diagnostics;
using System.Threading.Channels;
using Conductor.Postgres.Supervision;
using MassTransit;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>One transaction at a time: what arrives while it commits forms the next one.</summary>
internal sealed class SagaLane<TSaga> : IAsyncDisposable where TSaga : class, ISaga
{
    private readonly Channel<QueuedMessage<TSaga>> _waiting;
    private readonly Channel<QueuedMessage<TSaga>> _first = Channel.CreateUnbounded<QueuedMessage<TSaga>>();
    private readonly SagaCommits<TSaga> _commits;
    // From this size on a batch is one of many.
    private const int Many = 8;
    private readonly int _maxBatchSize;
    private readonly TimeSpan _window;
    private readonly BackgroundLoops _loops;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;
    private Task<bool>? _arrival, _return;
    private int _away, _lastSize;
    private long _began;

    public SagaLane(SagaCommits<TSaga> commits, GroupCommitOptions options, BackgroundLoops loops, string name)
    {
        _commits = commits;
        (_maxBatchSize, _window) = (options.MaxBatchSize, options.Window);
        _loops = loops;
        _waiting = Channel.CreateBounded<QueuedMessage<TSaga>>(new BoundedChannelOptions(options.MaxWaiting) { SingleReader = true });
        // The trace of whoever came first is not that of all batches.
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow()) _loop = Task.Run(() => RunAsync(name));
    }

    public ValueTask EnqueueAsync(QueuedMessage<TSaga> message, CancellationToken cancellationToken) =>
        _waiting.Writer.WriteAsync(message, cancellationToken);

    /// <summary>Takes no more messages and returns when those that it has are answered; one that waits for something slow is given up, unchanged.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    private async Task RunAsync(string name)
    {
        using var loop = _loops.Watch(name);
        while (await IsMoreAsync(loop))
        {
            loop.Busy();
            if (_lastSize >= Many && _waiting.Reader.Count < _maxBatchSize) await GatherAsync();
            _began = Stopwatch.GetTimestamp();
            var batch = Take();
            _lastSize = batch.Count;
            if (batch.Count > 0) await CommitAsync(batch, loop);
        }
    }

    private async Task GatherAsync()
    {
        var left = _window - Stopwatch.GetElapsedTime(_began);
        // Timers count whole milliseconds.
        if (left >= TimeSpan.FromMilliseconds(1)) await Task.Delay(left);
    }

    private async Task CommitAsync(List<QueuedMessage<TSaga>> batch, BackgroundLoop loop)
    {
        try
        {
            // What goes back was here before whatever waits.
            foreach (var again in await _commits.CommitAsync(batch)) GoBack(again);
        }
        catch (Exception e)
        {
            // A lane that ended would hold its instances for ever.
            _loops.Caught(loop, e);
            foreach (var message in batch) message.Fail(e);
        }
    }

    private void GoBack(QueuedMessage<TSaga> message)
    {
        if (message.Wait is null) _first.Writer.TryWrite(message);
        else _ = ReturnAsync(message, message.Wait);
    }

    private async Task ReturnAsync(QueuedMessage<TSaga> message, Task wait)
    {
        Interlocked.Increment(ref _away);
        try
        {
            await wait.WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
        catch (Exception e)
        {
            message.Fail(e);
        }
        _first.Writer.TryWrite(message);
        Interlocked.Decrement(ref _away);
    }

    /// <summary>Waits for a message; false when none is left and none comes.</summary>
    private async Task<bool> IsMoreAsync(BackgroundLoop loop)
    {
        loop.Rest();
        while (true)
        {
            var nobodyIsAway = Volatile.Read(ref _away) == 0;
            if (_first.Reader.TryPeek(out _)) return true;
            _arrival ??= _waiting.Reader.WaitToReadAsync().AsTask();
            _return ??= _first.Reader.WaitToReadAsync().AsTask();
            if (nobodyIsAway || await Task.WhenAny(_arrival, _return) == _arrival)
            {
                var isMore = await _arrival;
                if (isMore || nobodyIsAway)
                {
                    _arrival = null;
                    return isMore;
                }
                await _return; // closed: only those that are away still come
            }
            _return = null;
        }
    }

    private List<QueuedMessage<TSaga>> Take()
    {
        var batch = new List<QueuedMessage<TSaga>>();
        while (batch.Count < _maxBatchSize && (_first.Reader.TryRead(out var next) || _waiting.Reader.TryRead(out next)))
            if (next.TryTake()) batch.Add(next);
        return batch;
    }
}
