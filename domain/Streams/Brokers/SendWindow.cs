namespace Conductor.Domain.Streams.Brokers;

/// <summary>
/// How much a producer has under way that its broker has not confirmed yet: whoever wants to send more waits for room, and a flush waits until nothing
/// is left. Thread-safe.
/// </summary>
/// <param name="maxRecords">Records under way at most.</param>
/// <param name="maxBytes">Bytes under way at most; one record may exceed them.</param>
public sealed class SendWindow(int maxRecords, long maxBytes)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _waiting;
    private int _records;
    private long _bytes;
    private StreamUnavailableException? _failure;

    /// <summary>A record is on its way.</summary>
    public void Sent(int bytes)
    {
        lock (_lock)
        {
            _records++;
            _bytes += bytes;
        }
    }

    /// <summary>A record has arrived.</summary>
    public void Confirmed(int bytes)
    {
        lock (_lock)
        {
            _records--;
            _bytes -= bytes;
            Wake();
        }
    }

    /// <summary>Nothing more is confirmed; all who wait are told, and the first failure stays.</summary>
    public void Fail(StreamUnavailableException failure)
    {
        lock (_lock)
        {
            _failure ??= failure;
            Wake();
        }
    }

    /// <exception cref="StreamUnavailableException">The window has failed.</exception>
    public void ThrowIfFailed()
    {
        lock (_lock)
            if (_failure is not null) throw _failure;
    }

    /// <summary>Waits until there is room for another record.</summary>
    /// <exception cref="StreamUnavailableException">The window has failed.</exception>
    public ValueTask RoomAsync(CancellationToken cancellationToken) => WaitAsync(HasRoom, cancellationToken);

    /// <summary>Waits until everything is confirmed.</summary>
    /// <exception cref="StreamUnavailableException">The window has failed.</exception>
    public ValueTask EmptyAsync(CancellationToken cancellationToken) => WaitAsync(IsEmpty, cancellationToken);

    private bool HasRoom() => _records < maxRecords && _bytes < maxBytes;

    private bool IsEmpty() => _records == 0;

    private async ValueTask WaitAsync(Func<bool> isReached, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_failure is not null) throw _failure;
                if (isReached()) return;
                changed = (_waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Wake()
    {
        _waiting?.TrySetResult();
        _waiting = null;
    }
}
