using System.Collections.Concurrent;
using System.Diagnostics;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;
using Conductor.Kafka.Connections;
using Conductor.Kafka.Metrics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Conductor.Kafka.Consuming;

/// <summary>
/// Reads partitions by assignment, each from an offset of its own, on one client and one thread. Who has which partition in a group is not its business:
/// what a group gives and takes is opened and closed here, so that a rebalance never touches what is being read.
/// </summary>
internal sealed class Fetcher : IDisposable
{
    // So long the thread waits for records before it looks what is to be opened or closed.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);
    // What the client has fetched of a partition that is left out is fetched anew: its reader gets this time to catch up, and as long as no other runs dry.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<TopicPartition, PartitionFetch> _open = new();
    // Opening and closing happens between two records: none of a former opening is taken for one of the next.
    private readonly ConcurrentQueue<Action> _changes = new();
    private readonly RecordMemory _memory = new();
    private readonly KafkaStreamOptions _options;
    private readonly IConsumer<FetchedBytes, FetchedBytes> _client;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly ClientMetrics _metrics = KafkaMetrics.Add("reading");
    private readonly Lock _ending = new();
    private readonly Thread _thread;
    private volatile bool _isStopped;
    private volatile Error? _down;

    public Fetcher(KafkaStreamOptions options, ILogger logger)
    {
        _options = options;
        var watch = new BrokerWatch { AllDown = error => _down = error, Fatal = error => FailAll(KafkaErrors.Unavailable(error)) };
        var copying = new CopyingDeserializer(_memory);
        _client = new ConsumerBuilder<FetchedBytes, FetchedBytes>(ClientSettings.Fetcher(options)).SetKeyDeserializer(copying).SetValueDeserializer(copying)
            .SetErrorHandler((_, e) => watch.Note(e)).SetStatisticsHandler((_, json) => _metrics.Note(json))
            .SetLogHandler((_, m) => ClientLog.Write(logger, m)).Build();
        _thread = new Thread(Poll) { IsBackground = true, Name = "kafka fetcher" };
        _thread.Start();
    }

    /// <summary>Begins to read a partition; of two who read the same one, the second fails.</summary>
    public PartitionFetch Open(TopicPartition partition, long offset)
    {
        var opened = new PartitionFetch(this, partition, offset, _memory, _options.BufferedBytes);
        _changes.Enqueue(() => Assign(opened, offset));
        _wake.Set();
        if (_isStopped) opened.Fail(KafkaErrors.Unavailable("the member has left its group"));
        return opened;
    }

    public void Close(PartitionFetch opened) => _changes.Enqueue(() =>
    {
        if (_open.TryRemove(KeyValuePair.Create(opened.Partition, opened))) _client.IncrementalUnassign([opened.Partition]);
    });

    /// <summary>Something was taken out of a partition's buffer.</summary>
    public void Taken() => _wake.Set();

    public void Resume(PartitionFetch opened)
    {
        lock (_ending)
        {
            if (!_isStopped) _client.Resume([opened.Partition]);
        }
    }

    /// <summary>How many records wait behind an offset of a partition that is being read; null where the client has not heard of its end yet.</summary>
    public long? LagOf(TopicPartition partition, long next)
    {
        if (!_open.TryGetValue(partition, out var opened) || End(partition) is not { } end) return null;
        // Outside of the lock: a reader that resumes its partition takes both the other way round.
        return Math.Max(0, end - opened.Behind(next));
    }

    public void Dispose()
    {
        lock (_ending) _isStopped = true;
        _wake.Set();
        _thread.Join();
        FailAll(KafkaErrors.Unavailable("the member has left its group"));
        _client.Close();
        _client.Dispose();
        _metrics.Dispose();
        _wake.Dispose();
    }

    private long? End(TopicPartition partition)
    {
        lock (_ending)
        {
            if (_isStopped) return null;
            var end = _client.GetWatermarkOffsets(partition).High;
            return end == Offset.Unset ? null : end.Value;
        }
    }

    private void Poll()
    {
        while (!_isStopped)
        {
            try
            {
                // Where there is nothing to wait for but a partition, the first one begins at once.
                if (_open.IsEmpty && _changes.IsEmpty) _wake.WaitOne(Longest);
                while (_changes.TryDequeue(out var change)) change();
                if (_client.Consume(_open.IsEmpty ? TimeSpan.Zero : Longest) is { } result) Take(result);
                if (_down is { } error) Look(error);
            }
            catch (ConsumeException e)
            {
                Note(e);
            }
            catch (KafkaException e)
            {
                FailAll(KafkaErrors.Unavailable(e));
            }
        }
    }

    private void Assign(PartitionFetch opened, long offset)
    {
        if (!_open.TryAdd(opened.Partition, opened))
        {
            opened.Fail(new InvalidOperationException($"{opened.Partition} is being read already"));
            return;
        }
        _client.IncrementalAssign([new TopicPartitionOffset(opened.Partition, offset)]);
    }

    private void Take(ConsumeResult<FetchedBytes, FetchedBytes> result)
    {
        if (!_open.TryGetValue(result.TopicPartition, out var opened)) return;
        if (result.IsPartitionEOF)
        {
            opened.AtEnd(result.Offset.Value);
            return;
        }
        opened.Add(result);
        if (opened.IsFull) WaitForReaderOf(opened);
    }

    private void WaitForReaderOf(PartitionFetch full)
    {
        var since = Stopwatch.GetTimestamp();
        while (full.IsFull && !_isStopped && _changes.IsEmpty)
        {
            _wake.WaitOne(Patience);
            if (Stopwatch.GetElapsedTime(since) < Patience || !_open.Values.Any(other => other.IsDry)) continue;
            full.PauseIfFull(() => _client.Pause([full.Partition]));
            return;
        }
    }

    private void Note(ConsumeException e)
    {
        var at = e.ConsumerRecord?.TopicPartitionOffset;
        if (at is null || !_open.TryGetValue(at.TopicPartition, out var opened)) return;
        if (e.Error.Code is ErrorCode.OffsetOutOfRange or ErrorCode.Local_AutoOffsetReset) opened.Fail(new PositionGoneException(at.Offset.Value));
        else opened.Fail(KafkaErrors.IsMissing(e.Error) ? new UnknownTopicException(at.Topic) : KafkaErrors.Unavailable(e));
    }

    // The client says that all brokers are down as well when it merely has no connection open.
    private void Look(Error error)
    {
        _down = null;
        if (_open.Keys.FirstOrDefault() is not { } any) return;
        try
        {
            _client.QueryWatermarkOffsets(any, TimeSpan.FromSeconds(2));
        }
        catch (KafkaException)
        {
            FailAll(KafkaErrors.Unavailable(error));
        }
    }

    private void FailAll(StreamUnavailableException failure)
    {
        foreach (var opened in _open.Values) opened.Fail(failure);
    }
}
