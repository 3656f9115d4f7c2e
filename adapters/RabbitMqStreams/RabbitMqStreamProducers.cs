using Conductor.Domain.Streams.Brokers;
using Conductor.RabbitMqStreams.Connections;
using Conductor.RabbitMqStreams.Producing;

namespace Conductor.RabbitMqStreams;

/// <summary>
/// Producers on one connection, for topics whose partitions the caller knows. A process that only produces needs no more than this;
/// <see cref="RabbitMqStreamBroker"/> looks topics up.
/// </summary>
/// <param name="options">Address and limits.</param>
/// <param name="time">Clock of the timestamps that records leave out.</param>
public sealed class RabbitMqStreamProducers(RabbitMqStreamOptions options, TimeProvider time) : IAsyncDisposable
{
    private readonly BrokerConnection _connection = new(options, "producing");

    /// <summary>Told the topic one of whose queues was not there when a record was sent to it.</summary>
    internal Action<string>? QueueIsMissing { get; init; }

    /// <summary>Opens a producer; its topic must exist, with as many partitions.</summary>
    /// <exception cref="StreamUnavailableException">RabbitMQ cannot be reached.</exception>
    public async Task<IStreamProducer> OpenAsync(TopicSpecification topic, CancellationToken cancellationToken) =>
        await StreamProducer.OpenAsync(_connection, topic, options, time, () => QueueIsMissing?.Invoke(topic.Name), cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
