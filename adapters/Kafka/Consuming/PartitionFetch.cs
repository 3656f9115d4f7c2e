using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;
using Confluent.Kafka;

namespace Conductor.Kafka.Consuming;

/// <summary>One partition of a <see cref="Fetcher"/>: what has come since the last read is the next batch.</summary>
internal sealed class PartitionFetch(Fetcher fetcher, TopicPartition partition, long start, RecordMemory memory, long bufferedBytes) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly StreamBatchBuilder _pending = new(memory);
    private Exception? _failure;
    private bool _isPaused;
    private bool _isClosed;
    private long _taken = start;
    private long _end = start;

    public TopicPartition Partition => partition;

    /// <summary>Whether so much waits to be read that no more is wanted.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock) return _pending.Bytes >= bufferedBytes;
        }
    }

    /// <summary>Whether everything that came has been read.</summary>
    public bool IsDry
    {
        get
        {
            lock (_lock) return _pending.Count == 0;
        }
    }

    /// <summary>Where the next record can be for whoever has come to an offset: behind the last record, markers of transactions may follow.</summary>
    public long Behind(long offset)
    {
        lock (_lock) return offset == _taken && _pending.Count == 0 ? Math.Max(offset, _end) : offset;
    }

    /// <summary>Waits for records.</summary>
    /// <exception cref="PositionGoneException">The partition does not hold the position.</exception>
    /// <exception cref="StreamUnavailableException">It cannot be read now.</exception>
    public async Task<StreamBatch> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _arrived.WaitAsync(cancellationToken);
            lock (_lock)
            {
                if (_pending.Count > 0) return Take();
                if (_failure is not null) throw _failure;
            }
        }
    }

    public void Add(ConsumeResult<FetchedBytes, FetchedBytes> result)
    {
        lock (_lock)
        {
            if (_isClosed) return;
            _pending.Add(FetchedRecord.Of(result), result.Message.Key.Bytes, result.Message.Value.Bytes);
            if (_pending.Count == 1) _arrived.Release();
        }
    }

    /// <summary>The client has come to the end of the partition as it is now.</summary>
    public void AtEnd(long offset)
    {
        lock (_lock)
        {
            _end = offset;
        }
    }

    public void Fail(Exception failure)
    {
        lock (_lock) _failure ??= failure;
        _arrived.Release();
    }

    /// <summary>Has the client leave the partition out until what waits has been read.</summary>
    public void PauseIfFull(Action pause)
    {
        lock (_lock)
        {
            if (_isPaused || _pending.Bytes < bufferedBytes) return;
            pause();
            _isPaused = true;
        }
    }

    public ValueTask DisposeAsync()
    {
        fetcher.Close(this);
        lock (_lock)
        {
            _isClosed = true;
            if (_pending.Count > 0) _pending.Build().Dispose();
        }
        return ValueTask.CompletedTask;
    }

    private StreamBatch Take()
    {
        var batch = _pending.Build();
        _taken = batch.NextOffset;
        fetcher.Taken();
        if (_isPaused) fetcher.Resume(this);
        _isPaused = false;
        return batch;
    }
}

/// <summary>A partition does not hold the offset at which it was to be read.</summary>
internal sealed class PositionGoneException(long offset) : Exception($"offset {offset} is not there")
{
    public long Offset { get; } = offset;
}
