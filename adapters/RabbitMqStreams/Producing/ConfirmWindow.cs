using Conductor.Domain.Streams.Brokers;

namespace Conductor.RabbitMqStreams.Producing;

/// <summary>The messages of a channel that the broker has not confirmed yet, in order of their sequence numbers.</summary>
internal sealed class ConfirmWindow(int maxRecords, long maxBytes)
{
    private readonly SendWindow _window = new(maxRecords, maxBytes);
    private readonly Lock _lock = new();
    private readonly Queue<(ulong Sequence, int Bytes)> _open = new();
    private readonly HashSet<ulong> _early = [];
    private readonly CancellationTokenSource _failed = new();

    /// <summary>Cancelled once the window has failed: nothing more is confirmed.</summary>
    public CancellationToken Failed => _failed.Token;

    public void Sent(ulong sequence, int bytes)
    {
        lock (_lock) _open.Enqueue((sequence, bytes));
        _window.Sent(bytes);
    }

    public void Confirmed(ulong sequence, bool multiple)
    {
        lock (_lock)
        {
            if (!multiple && _open.TryPeek(out var first) && first.Sequence != sequence) _early.Add(sequence);
            else CloseTo(sequence);
            while (_open.TryPeek(out var next) && _early.Remove(next.Sequence)) CloseTo(next.Sequence);
        }
    }

    public void Fail(string reason)
    {
        _window.Fail(new StreamUnavailableException($"RabbitMQ: {reason}") { Broker = "rabbitmq" });
        _failed.Cancel();
    }

    /// <exception cref="StreamUnavailableException">The window has failed.</exception>
    public void ThrowIfFailed() => _window.ThrowIfFailed();

    /// <summary>Waits until there is room for another message.</summary>
    public ValueTask RoomAsync(CancellationToken cancellationToken) => _window.RoomAsync(cancellationToken);

    /// <summary>Waits until everything is confirmed.</summary>
    public ValueTask EmptyAsync(CancellationToken cancellationToken) => _window.EmptyAsync(cancellationToken);

    private void CloseTo(ulong sequence)
    {
        while (_open.TryPeek(out var next) && next.Sequence <= sequence)
        {
            _open.Dequeue();
            _window.Confirmed(next.Bytes);
        }
    }
}
