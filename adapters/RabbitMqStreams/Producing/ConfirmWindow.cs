using Conductor.Domain.Streams.Brokers;

namespace Conductor.RabbitMqStreams.Producing;

/// <summary>The messages of a channel that the broker has not confirmed yet, in order of their sequence numbers.</summary>
internal sealed class ConfirmWindow(int maxRecords, long maxBytes)
{
    private readonly Lock _lock = new();
    private readonly Queue<(ulong Sequence, int Bytes)> _open = new();
    private readonly HashSet<ulong> _early = [];
    private readonly CancellationTokenSource _failed = new();
    private TaskCompletionSource? _waiting;
    private long _bytes;
    private StreamUnavailableException? _failure;

    /// <summary>Cancelled once the window has failed: nothing more is confirmed.</summary>
    public CancellationToken Failed => _failed.Token;

    public void Sent(ulong sequence, int bytes)
    {
        lock (_lock)
        {
            _open.Enqueue((sequence, bytes));
            _bytes += bytes;
        }
    }

    public void Confirmed(ulong sequence, bool multiple)
    {
        lock (_lock)
        {
            if (!multiple && _open.TryPeek(out var first) && first.Sequence != sequence) _early.Add(sequence);
            else CloseTo(sequence);
            while (_open.TryPeek(out var next) && _early.Remove(next.Sequence)) CloseTo(next.Sequence);
            Wake();
        }
    }

    public void Fail(string reason)
    {
        lock (_lock)
        {
            _failure ??= new StreamUnavailableException($"RabbitMQ: {reason}");
            Wake();
        }
        _failed.Cancel();
    }

    /// <exception cref="StreamUnavailableException">The window has failed.</exception>
    public void ThrowIfFailed()
    {
        lock (_lock)
            if (_failure is not null) throw _failure;
    }

    /// <summary>Waits until there is room for another message.</summary>
    public Task RoomAsync(CancellationToken cancellationToken) => WaitAsync(() => _open.Count < maxRecords && _bytes < maxBytes, cancellationToken);

    /// <summary>Waits until everything is confirmed.</summary>
    public Task EmptyAsync(CancellationToken cancellationToken) => WaitAsync(() => _open.Count == 0, cancellationToken);

    private async Task WaitAsync(Func<bool> isReached, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                ThrowIfFailed();
                if (isReached()) return;
                changed = (_waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            await changed.WaitAsync(cancellationToken);
        }
    }

    private void CloseTo(ulong sequence)
    {
        while (_open.TryPeek(out var next) && next.Sequence <= sequence)
        {
            _bytes -= next.Bytes;
            _open.Dequeue();
        }
    }

    private void Wake()
    {
        _waiting?.TrySetResult();
        _waiting = null;
    }
}
