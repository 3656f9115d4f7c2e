using System.Diagnostics;
using Conductor.Domain.Streams.Brokers;
using Conductor.Engines;
using Conductor.Postgres.Streams;
using Conductor.RabbitMqStreams;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Conductor.Bench.Streams;

/// <summary>RabbitMQ's stream queues through the port, and through RabbitMQ.Client.</summary>
internal sealed class RabbitMqSides : ISides
{
    private const int Unconfirmed = 4_000;
    private const ushort Prefetch = 400;
    private readonly RabbitMqEngine _engine;
    private readonly PostgresEngine _postgres;
    private readonly NpgsqlDataSource _source;
    private readonly RabbitMqStreamBroker _broker;
    private readonly IConnection _connection;

    private RabbitMqSides(RabbitMqEngine engine, PostgresEngine postgres, NpgsqlDataSource source, IConnection connection)
    {
        (_engine, _postgres, _source, _connection) = (engine, postgres, source, connection);
        _broker = new RabbitMqStreamBroker(new() { Address = new Uri(engine.ConnectionString) }, new PostgresTopicStore(source, StreamTables.DefaultSchema),
            new PostgresGroupStore(source, StreamTables.DefaultSchema), TimeProvider.System);
    }

    public static async Task<RabbitMqSides> StartAsync(string folder)
    {
        var engine = await RabbitMqEngine.StartAsync(Path.Combine(folder, "rabbitmq"));
        var postgres = await PostgresEngine.StartAsync(Path.Combine(folder, "postgres"));
        var source = NpgsqlDataSource.Create(postgres.ConnectionString + ";Database=postgres");
        await StreamTables.ApplyAsync(source, StreamTables.DefaultSchema);
        return new RabbitMqSides(engine, postgres, source, await new ConnectionFactory { Uri = new Uri(engine.ConnectionString) }.CreateConnectionAsync());
    }

    public Task MakeTopicAsync(string topic) => _broker.EnsureTopicAsync(new(topic), CancellationToken.None);

    public Task<int> ProduceAsync(bool isBare, string topic, byte[] value, double seconds) =>
        isBare ? ProduceAsync(QueueOf(topic), value, seconds) : PortSide.ProduceAsync(_broker, topic, value, seconds);

    public Task ConsumeAsync(bool isBare, string topic, int count) =>
        isBare ? ConsumeAsync(QueueOf(topic), count) : PortSide.ConsumeAsync(_broker, topic, count);

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _broker.DisposeAsync();
        await _source.DisposeAsync();
        await _engine.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    private static string QueueOf(string topic) => $"topic.{topic}.0";

    private async Task<int> ProduceAsync(string queue, byte[] value, double seconds)
    {
        await using var channel = await _connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false));
        var confirmed = 0L;
        channel.BasicAcksAsync += (_, e) =>
        {
            // One by one or all up to it: what counts is the last.
            Volatile.Write(ref confirmed, Math.Max(Volatile.Read(ref confirmed), (long)e.DeliveryTag));
            return Task.CompletedTask;
        };
        var (count, start) = (0, Stopwatch.GetTimestamp());
        var most = Math.Min(Unconfirmed, 32_000_000 / value.Length);
        for (; Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; count++)
        {
            while (count - Volatile.Read(ref confirmed) >= most) await Task.Delay(1);
            await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties(), value);
        }
        while (Volatile.Read(ref confirmed) < count) await Task.Delay(1);
        return count;
    }

    private async Task ConsumeAsync(string queue, int count)
    {
        await using var channel = await _connection.CreateChannelAsync();
        await channel.BasicQosAsync(0, Prefetch, global: false);
        var (read, done) = (0, new TaskCompletionSource());
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, e) =>
        {
            if (++read % 100 == 0 || read == count) await channel.BasicAckAsync(e.DeliveryTag, multiple: true);
            if (read == count) done.TrySetResult();
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, "", noLocal: false, exclusive: false,
            new Dictionary<string, object?> { ["x-stream-offset"] = "first" }, consumer);
        await done.Task;
    }
}
