using Conductor.Domain.Streams.Brokers;
using Conductor.RabbitMqStreams.Connections;
using RabbitMQ.Client;

namespace Conductor.RabbitMqStreams.Topics;

/// <summary>
/// How many offsets partitions span, asked on one channel that stays open. The broker refreshes the number every few seconds: it is never too high,
/// but it can be behind.
/// </summary>
internal sealed class PartitionSpans(BrokerConnection connection) : IAsyncDisposable
{
    private static readonly CreateChannelOptions Plain = new(publisherConfirmationsEnabled: false, publisherConfirmationTrackingEnabled: false);
    private readonly SemaphoreSlim _asking = new(1, 1);
    private IChannel? _channel;

    /// <exception cref="UnknownTopicException">There is no such queue.</exception>
    public async Task<long> OfAsync(string topic, int partition, CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (_channel is not { IsOpen: true })
            {
                if (_channel is not null) await _channel.DisposeAsync();
                _channel = await connection.OpenChannelAsync(Plain, cancellationToken);
            }
            return (await _channel.QueueDeclarePassiveAsync(TopicQueues.NameOf(topic, partition), cancellationToken)).MessageCount;
        }
        catch (Exception e) when (BrokerConnection.IsUnavailable(e))
        {
            var failure = BrokerConnection.Unavailable(e);
            throw BrokerConnection.IsMissing(failure) ? new UnknownTopicException(topic) : failure;
        }
        finally
        {
            _asking.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null) await _channel.DisposeAsync();
        _asking.Dispose();
    }
}
