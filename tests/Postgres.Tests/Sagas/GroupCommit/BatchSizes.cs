using System.Diagnostics.Metrics;

namespace Conductor.Postgres.Tests.Sagas.GroupCommit;

/// <summary>Listens to the meter of sagas, to one that the test has named.</summary>
internal sealed class BatchSizes : IDisposable
{
    private readonly MeterListener _listener = new();
    private int _count;
    private long _messages;
    private long _retries;

    public BatchSizes(string saga)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
            { if (instrument.Meter.Name == "Conductor.Sagas") listener.EnableMeasurementEvents(instrument); };
        bool Named(ReadOnlySpan<KeyValuePair<string, object?>> tags) => saga.Equals(tags[0].Value);
        _listener.SetMeasurementEventCallback<int>((_, size, tags, _) =>
        {
            if (!Named(tags)) return;
            Interlocked.Increment(ref _count);
            Interlocked.Add(ref _messages, size);
        });
        _listener.SetMeasurementEventCallback<long>(
            (instrument, n, tags, _) => { if (Named(tags) && instrument.Name == "conductor.sagas.retries") Interlocked.Add(ref _retries, n); });
        _listener.Start();
    }

    public int Count => _count;

    public long Messages => _messages;

    public long Retries => _retries;

    public void Dispose() => _listener.Dispose();
}
