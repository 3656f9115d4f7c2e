using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;
using Conductor.RabbitMqStreams.Connections;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Conductor.RabbitMqStreams.Consuming;

/// <summary>Consumes one stream queue from an offset; what the broker has sent ahead since the last read is the next batch.</summary>
internal sealed class QueueReader : IAsyncDisposable
{
    private readonly IChannel _channel;
    private readonly int _partition;
    private readonly CreditWindow _window;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private StreamBatchBuilder _pending = new();
    private ulong _lastTag;
    private ulong _acknowledged;
    private StreamUnavailableException? _failure;

    private QueueReader(IChannel channel, int partition, CreditWindow window) => (_channel, _partition, _window) = (channel, partition, window);

    /// <summary>How many records of the latest size may be under way.</summary>
    public long Wanted
    {
        get
        {
            lock (_lock) return _window.Wanted;
        }
    }

    public static async Task<QueueReader> OpenAsync(
        BrokerConnection connection, (string Queue, int Partition) source, object from, (ushort Records, long Bytes) prefetch,
        CancellationToken cancellationToken)
    {
        var channel = await connection.OpenChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: false, publisherConfirmationTrackingEnabled: false, consumerDispatchConcurrency: 1),
            cancellationToken);
        var reader = new QueueReader(channel, source.Partition, new CreditWindow(prefetch.Records, prefetch.Bytes));
        try
        {
            await channel.BasicQosAsync(0, prefetch.Records, global: false, cancellationToken);
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += reader.OnReceivedAsync;
            consumer.UnregisteredAsync += (_, _) => reader.FailAsync("the consumer was cancelled by the broker");
            channel.ChannelShutdownAsync += (_, e) => reader.FailAsync(e.ReplyText);
            channel.CallbackExceptionAsync += (_, e) => reader.FailAsync(e.Exception.Message);
            await channel.BasicConsumeAsync(source.Queue, autoAck: false, "", noLocal: false, exclusive: false,
                new Dictionary<string, object?> { ["x-stream-offset"] = from }, consumer, cancellationToken);
            return reader;
        }
        catch (Exception e)
        {
            await channel.DisposeAsync();
            throw BrokerConnection.IsUnavailable(e) ? BrokerConnection.Unavailable(e) : e;
        }
    }

    /// <summary>Waits for records; null when none has come for so long.</summary>
    public async Task<StreamBatch?> ReadAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        while (true)
        {
            var arrived = await _arrived.WaitAsync(patience, cancellationToken);
            if (Take() is var (batch, tag) && batch is not null)
            {
                await GrantAsync(tag, cancellationToken);
                return batch;
            }
            if (_failure is not null) throw _failure;
            if (!arrived) return null;
        }
    }

    /// <summary>Waits until the broker has sent what it had: it answers on a channel behind the deliveries that are due there.</summary>
    public async Task SentAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Of this reader's consumer it changes nothing, and there is no cheaper question.
            await _channel.BasicQosAsync(0, _window.Records, global: false, cancellationToken);
        }
        catch (Exception e) when (BrokerConnection.IsUnavailable(e))
        {
            throw BrokerConnection.Unavailable(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        lock (_lock)
        {
            if (_pending.Count > 0) _pending.Build().Dispose();
        }
        // _arrived is left to the collector: a late delivery may still signal it.
    }

    private (StreamBatch? Batch, ulong Tag) Take()
    {
        lock (_lock) return _pending.Count == 0 ? (null, 0) : (_pending.Build(), _lastTag);
    }

    // Acknowledging gives the broker credit for as many more; positions are kept elsewhere.
    private async Task GrantAsync(ulong tag, CancellationToken cancellationToken)
    {
        lock (_lock) tag = _window.AcknowledgeUpTo(tag);
        if (tag <= _acknowledged) return;
        try
        {
            await _channel.BasicAckAsync(tag, multiple: true, cancellationToken);
            _acknowledged = tag;
        }
        catch (Exception e) when (BrokerConnection.IsUnavailable(e))
        {
            // The records are here; the next read reports the loss.
            await FailAsync(e.Message);
        }
    }

    private Task OnReceivedAsync(object sender, BasicDeliverEventArgs delivery)
    {
        var record = AmqpRecord.Read(delivery.BasicProperties, delivery.Body, _partition);
        lock (_lock)
        {
            _pending.Add(record);
            _window.Arrived(record.Value.Length);
            _lastTag = delivery.DeliveryTag;
            if (_pending.Count == 1) _arrived.Release();
        }
        return Task.CompletedTask;
    }

    private Task FailAsync(string reason)
    {
        _failure ??= new StreamUnavailableException($"RabbitMQ: {reason}") { Broker = "rabbitmq" };
        _arrived.Release();
        return Task.CompletedTask;
    }
}
