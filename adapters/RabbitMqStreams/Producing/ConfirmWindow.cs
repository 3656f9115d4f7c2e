using Conductor.Domain.Streams.Brokers;

namespace Conductor.RabbitMqStreams.Producing;

/// <summary>The messages of a channel that the broker has not confirmed yet, in order of their sequence numbers.</summary>
/// <param name="options">How much may be under way, and for how long.</param>
/// <param name="time">Clock.</param>
internal sealed class ConfirmWindow(RabbitMqStreamOptions options, TimeProvider time)
{
    private readonly SendWindow _window = new(options.UnconfirmedRecords, options.UnconfirmedBytes);
    private readonly Lock _lock = new();
    private readonly Queue<(ulong Sequence, int Bytes)> _open = new();
    private readonly HashSet<ulong> _early = [];
    private readonly CancellationTokenSource _failed = new();
    private long _confirms;

    /// <summary>Cancelled once the window has failed: nothing more is confirmed.</summary>
    public CancellationToken Failed => _failed.Token;

    public void Sent(ulong sequence, int bytes)
    {
        lock (_lock) _open.Enqueue((sequence, bytes));
        _window.Sent(bytes);
    }

    public void Confirmed(ulong sequence, bool multiple)
    {
        Interlocked.Increment(ref _confirms);
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
    public ValueTask RoomAsync(CancellationToken cancellationToken) =>
        WaitAsync(_window.RoomAsync(cancellationToken), options.ConfirmPatience, cancellationToken);

    /// <summary>Waits until everything is confirmed.</summary>
    public ValueTask EmptyAsync(CancellationToken cancellationToken) => EmptyAsync(options.ConfirmPatience, cancellationToken);

    /// <summary>Waits until everything is confirmed; fails once nothing more was for so long.</summary>
    public ValueTask EmptyAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        WaitAsync(_window.EmptyAsync(cancellationToken), patience, cancellationToken);

    private ValueTask WaitAsync(ValueTask waiting, TimeSpan patience, CancellationToken cancellationToken) =>
        waiting.IsCompletedSuccessfully ? ValueTask.CompletedTask : new ValueTask(WatchAsync(waiting.AsTask(), patience, cancellationToken));

    // A broker that has just started takes messages for a stream whose writer is not there yet, and never says a word about them.
    private async Task WatchAsync(Task waiting, TimeSpan patience, CancellationToken cancellationToken)
    {
        while (true)
        {
            var confirms = Interlocked.Read(ref _confirms);
            try
            {
                await waiting.WaitAsync(patience, time, cancellationToken);
                return;
            }
            catch (TimeoutException) when (!waiting.IsCompleted)
            {
                if (confirms == Interlocked.Read(ref _confirms)) Fail($"nothing was confirmed for {patience.TotalSeconds:0.#} s");
            }
        }
    }

    private void CloseTo(ulong sequence)
    {
        while (_open.TryPeek(out var next) && next.Sequence <= sequence)
        {
            _open.Dequeue();
            _window.Confirmed(next.Bytes);
        }
    }
}
