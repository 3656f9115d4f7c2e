using Conductor.Domain.Streams.Records;

namespace Conductor.StreamRider.Producing;

/// <summary>A record whose sender waits for the broker's confirm.</summary>
internal sealed class WaitingRecord
{
    private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _givenUp;

    public WaitingRecord(StreamRecord record, CancellationToken cancellationToken)
    {
        Record = record;
        _givenUp = cancellationToken.UnsafeRegister(_ => _confirmed.TrySetCanceled(cancellationToken), null);
    }

    public StreamRecord Record { get; }

    /// <summary>Ends when the record is confirmed or refused, or its sender gives up.</summary>
    public Task Task => _confirmed.Task;

    public void Confirmed()
    {
        _confirmed.TrySetResult();
        _givenUp.Dispose();
    }

    public void Failed(Exception exception)
    {
        _confirmed.TrySetException(exception);
        _givenUp.Dispose();
    }
}
