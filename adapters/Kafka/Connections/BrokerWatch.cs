using Conductor.Domain.Streams.Brokers;
using Confluent.Kafka;

namespace Conductor.Kafka.Connections;

/// <summary>
/// What a client says of its connections, beside the calls that are under way: those wait until their time is up, while the reason has long been known.
/// </summary>
internal sealed class BrokerWatch
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<Error> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Error? _last;

    /// <summary>Called when the client has lost every broker; it may be wrong, since it closes what it does not use.</summary>
    public Action<Error>? AllDown { get; init; }

    /// <summary>Called when the client cannot be used any more.</summary>
    public Action<Error>? Fatal { get; init; }

    /// <summary>The client's error handler.</summary>
    public void Note(Error error)
    {
        lock (_lock)
        {
            if (error.Code != ErrorCode.Local_AllBrokersDown) _last = error;
            if (KafkaErrors.IsRefusal(error))
            {
                _refused.TrySetResult(error);
                _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
        if (error.IsFatal) Fatal?.Invoke(error);
        else if (error.Code == ErrorCode.Local_AllBrokersDown || KafkaErrors.IsRefusal(error)) AllDown?.Invoke(error);
    }

    /// <summary>Awaits a call, but no longer than until the cluster refuses the client.</summary>
    /// <exception cref="StreamUnavailableException">It refused, or the call failed.</exception>
    public async Task<T> WaitAsync<T>(Task<T> call, CancellationToken cancellationToken)
    {
        Task<Error> refused;
        lock (_lock) refused = _refused.Task;
        if (await Task.WhenAny(call, refused).WaitAsync(cancellationToken) == refused) throw KafkaErrors.Unavailable(await refused);
        return await call;
    }

    /// <summary>An error in better words, where the client has said why.</summary>
    public StreamUnavailableException Explain(KafkaException e)
    {
        lock (_lock)
        {
            return e.Error.Code is ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown && _last is { } reason
                ? KafkaErrors.Unavailable(reason, e)
                : KafkaErrors.Unavailable(e);
        }
    }
}
