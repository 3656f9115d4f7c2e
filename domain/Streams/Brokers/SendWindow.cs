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
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _end;
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
            if (_records == 0) Wake(ref _end);
            if (_records <= maxRecords / 2 && _bytes <= maxBytes / 2) Wake(ref _room);
        }
    }

    /// <summary>Nothing more is confirmed; all who wait are told, and the first failure stays.</summary>
    public void Fail(StreamUnavailableException failure)
    {
        lock (_lock)
        {
            _failure ??= failure;
            Wake(ref _end);
            Wake(ref _room);
        }
    }

    /// <exception cref="StreamUnavailableException">The window has failed.</exception>
    public void ThrowIfFailed()
    {
        lock (_lock)
            if (_failure is not null) throw _failure;
    }

    /// <summary>
    /// Waits until there is room for another record; where there is none, until half of the window is free: who waits is not woken for each record.
    /// </summary>
    /// <exception cref="StreamUnavailableException">The window has failed.</exception>
    public async ValueTask RoomAsync(CancellationToken cancellationToken)
    {
        while (NoRoom() is { } room) await room.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Waits until everything is confirmed.</summary>
    /// <exception cref="StreamUnavailableException">The window has failed.</exception>
    public async ValueTask EmptyAsync(CancellationToken cancellationToken)
    {
        while (NotEmpty() is { } end) await end.Task.WaitAsync(cancellationToken);
    }

    private TaskCompletionSource? NoRoom()
    {
        lock (_lock)
        {
            if (_failure is not null) throw _failure;
            return _records < maxRecords && _bytes < maxBytes ? null : _room ??= NewWait();
        }
    }

    private TaskCompletionSource? NotEmpty()
    {
        lock (_lock)
        {
            if (_failure is not null) throw _failure;
            return _records == 0 ? null : _end ??= NewWait();
        }
    }

    private static TaskCompletionSource NewWait() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Wake(ref TaskCompletionSource? waiting)
    {
        waiting?.TrySetResult();
        waiting = null;
    }
}
