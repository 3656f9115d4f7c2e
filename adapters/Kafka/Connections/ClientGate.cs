namespace Conductor.Kafka.Connections;

/// <summary>
/// Lets calls into a client of librdkafka through until it is closed, which waits for those under way: its memory is freed when it is disposed, a call
/// that still uses it then ends the process, and Confluent.Kafka does not see to that. Thread-safe.
/// </summary>
/// <param name="refusal">What whoever comes too late is told.</param>
internal sealed class ClientGate(Func<Exception> refusal)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ManualResetEventSlim _empty = new();
    // One is the gate's own, until it is closed.
    private int _calls = 1;
    private int _isClosed;

    /// <summary>Begins a call, which ends with what is returned.</summary>
    /// <exception cref="Exception">The refusal: it is closed.</exception>
    public Call Enter()
    {
        Interlocked.Increment(ref _calls);
        if (Volatile.Read(ref _isClosed) == 0) return new Call(this);
        Leave();
        throw refusal();
    }

    /// <summary>Lets nobody in any more and ends the client once all have left. Who does not leave in time keeps it: memory is lost, not the process.</summary>
    public void Close(Action end)
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 1) return;
        Leave();
        if (_empty.Wait(Patience)) end();
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _calls) == 0) _empty.Set();
    }

    /// <summary>A call under way.</summary>
    public readonly struct Call(ClientGate gate) : IDisposable
    {
        /// <summary>It has come back.</summary>
        public void Dispose() => gate.Leave();
    }
}
