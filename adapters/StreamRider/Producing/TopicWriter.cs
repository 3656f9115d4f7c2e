using System.Threading.Channels;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Microsoft.Extensions.Logging;

namespace Conductor.StreamRider.Producing;

/// <summary>
/// Writes to one topic for all of a process, in the order of the calls: what waits while the broker confirms goes together next. While the broker
/// cannot be reached everything waits, and what it may have got is written again.
/// </summary>
internal sealed partial class TopicWriter : IAsyncDisposable
{
    private const int Most = 500;
    private readonly IStreamBroker _broker;
    private readonly string _topic;
    private readonly ILogger _logger;
    private readonly Channel<WaitingRecord> _waiting = Channel.CreateUnbounded<WaitingRecord>(new() { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _writing;
    private IStreamProducer? _producer;

    public TopicWriter(IStreamBroker broker, string topic, ILogger logger)
    {
        (_broker, _topic, _logger) = (broker, topic, logger);
        // The first caller's trace and ambient state are not those of the records that follow.
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow()) _writing = Task.Run(WriteAsync);
    }

    /// <summary>Returns when the broker has confirmed the record.</summary>
    /// <exception cref="UnknownTopicException">There is no such topic.</exception>
    /// <exception cref="BadRecordException">The broker does not take so large a record.</exception>
    public Task WriteAsync(StreamRecord record, CancellationToken cancellationToken)
    {
        var waiting = new WaitingRecord(record, cancellationToken);
        return _waiting.Writer.TryWrite(waiting) ? waiting.Task : throw new ObjectDisposedException(nameof(TopicWriter));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_waiting.Writer.TryComplete()) return;
        await _stopping.CancelAsync();
        await _writing;
        await CloseAsync();
        _stopping.Dispose();
    }

    private async Task WriteAsync()
    {
        var batch = new List<WaitingRecord>();
        await foreach (var first in _waiting.Reader.ReadAllAsync())
        {
            batch.Add(first);
            while (batch.Count < Most && _waiting.Reader.TryRead(out var more)) batch.Add(more);
            await WriteAsync(batch);
            batch.Clear();
        }
    }

    private async Task WriteAsync(List<WaitingRecord> batch)
    {
        var pause = new RetryPause();
        while (true)
        {
            // Whoever has given up does not want it written any more.
            batch.RemoveAll(record => record.Task.IsCompleted);
            if (batch.Count == 0) return;
            try
            {
                await WriteOnceAsync(batch);
                return;
            }
            catch (StreamUnavailableException e) when (!_stopping.IsCancellationRequested)
            {
                LogWaits(_topic, batch.Count, e.Message);
                await CloseAsync();
                await pause.WaitAsync(_stopping.Token);
            }
            catch (Exception e)
            {
                await CloseAsync();
                foreach (var record in batch) record.Failed(e);
                return;
            }
        }
    }

    private async Task WriteOnceAsync(List<WaitingRecord> batch)
    {
        _producer ??= await _broker.OpenProducerAsync(_topic, _stopping.Token);
        foreach (var waiting in batch)
        {
            try
            {
                await _producer.ProduceAsync(new[] { waiting.Record }, _stopping.Token);
            }
            catch (BadRecordException e)
            {
                waiting.Failed(e);
            }
        }
        await _producer.FlushAsync(_stopping.Token);
        foreach (var waiting in batch) waiting.Confirmed();
    }

    private async Task CloseAsync()
    {
        var producer = _producer;
        _producer = null;
        try
        {
            if (producer is not null) await producer.DisposeAsync();
        }
        catch (StreamUnavailableException e)
        {
            LogClosing(_topic, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Topic {Topic} cannot be written now, {Count} records wait: {Reason}")]
    private partial void LogWaits(string topic, int count, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The producer of topic {Topic} was closed without the broker: {Reason}")]
    private partial void LogClosing(string topic, string reason);
}
