using System.Diagnostics;
using Conductor.Domain.Streams.Brokers;
using Conductor.Engines;
using Conductor.Kafka;
using Confluent.Kafka;

namespace Conductor.Bench.Streams;

/// <summary>Kafka through the port, and through Confluent.Kafka with the same settings.</summary>
internal sealed class KafkaSides : ISides
{
    private const int Unconfirmed = 20_000;
    private readonly KafkaEngine _engine;
    private readonly KafkaStreamBroker _broker;
    private readonly IProducer<Null, byte[]> _producer;

    private KafkaSides(KafkaEngine engine)
    {
        _engine = engine;
        _broker = new KafkaStreamBroker(new() { BootstrapServers = engine.ConnectionString }, TimeProvider.System);
        _producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = engine.ConnectionString, EnableIdempotence = true, CompressionType = CompressionType.Lz4, LingerMs = 5, BatchSize = 1_000_000,
        }).Build();
    }

    public static async Task<KafkaSides> StartAsync(string folder) => new(await KafkaEngine.StartAsync(Path.Combine(folder, "kafka")));

    public Task MakeTopicAsync(string topic) => _broker.EnsureTopicAsync(new(topic), CancellationToken.None);

    public Task<int> ProduceAsync(bool isBare, string topic, byte[] value, double seconds) =>
        isBare ? Task.Run(() => Produce(topic, value, seconds)) : PortSide.ProduceAsync(_broker, topic, value, seconds);

    public Task ConsumeAsync(bool isBare, string topic, int count) =>
        isBare ? Task.Run(() => Consume(topic, count)) : PortSide.ConsumeAsync(_broker, topic, count);

    public async ValueTask DisposeAsync()
    {
        _producer.Dispose();
        _broker.Dispose();
        await _engine.DisposeAsync();
    }

    private int Produce(string topic, byte[] value, double seconds)
    {
        var (count, open, start) = (0, 0, Stopwatch.GetTimestamp());
        var most = Math.Min(Unconfirmed, 32_000_000 / value.Length);
        for (; Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; count++)
        {
            SpinWait.SpinUntil(() => Volatile.Read(ref open) < most);
            Interlocked.Increment(ref open);
            _producer.Produce(topic, new Message<Null, byte[]> { Value = value }, report =>
            {
                Interlocked.Decrement(ref open);
                if (report.Error.IsError) throw new KafkaException(report.Error);
            });
        }
        _producer.Flush(TimeSpan.FromMinutes(1));
        return count;
    }

    private void Consume(string topic, int count)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = _engine.ConnectionString, GroupId = "bare", EnableAutoCommit = false, FetchMaxBytes = 16_000_000,
            MaxPartitionFetchBytes = 2_000_000, QueuedMaxMessagesKbytes = 16_000,
        }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        for (var read = 0; read < count;)
        {
            if (consumer.Consume(TimeSpan.FromSeconds(10)) is not null) read++;
        }
        consumer.Close();
    }
}
