using System.Globalization;
using System.Text;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Conductor.Kafka;
using Conductor.Postgres.Streams;
using Conductor.RabbitMqStreams;
using Conductor.Testing;
using Npgsql;

namespace Conductor.Pipelines.Tests.Service.Brokers;

/// <summary>The brokers of a running service, as another process sees them.</summary>
internal sealed class TestBrokers : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly KafkaStreamBroker _kafka;
    private readonly RabbitMqStreamBroker _rabbitMq;

    public TestBrokers(PipelineService service, string rabbitMq, string kafka)
    {
        _source = NpgsqlDataSource.Create(service.Database);
        _kafka = new KafkaStreamBroker(new() { BootstrapServers = kafka }, TimeProvider.System);
        _rabbitMq = new RabbitMqStreamBroker(new() { Address = new Uri(rabbitMq) }, new PostgresTopicStore(_source, StreamTables.DefaultSchema),
            new PostgresGroupStore(_source, StreamTables.DefaultSchema), TimeProvider.System);
    }

    public IStreamBroker this[string name] => name == "kafka" ? _kafka : _rabbitMq;

    /// <summary>Produces numbered records, each key's in their order.</summary>
    public async Task ProduceAsync(string broker, string topic, int first, int count, CancellationToken cancellationToken)
    {
        await using var producer = await OpenAsync(broker, topic, hasRecords: first > 0, cancellationToken);
        var records = Enumerable.Range(first, count).Select(i => new StreamRecord
        {
            Key = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"key {i % 37}")), Value = BitConverter.GetBytes(i),
        });
        await producer.ProduceAsync(records.ToArray(), cancellationToken);
        await producer.FlushAsync(cancellationToken);
    }

    /// <summary>
    /// The numbers in a topic, key by key in their order, without copies, as a reader of committed records has them; waits until there are so many,
    /// for a minute at most.
    /// </summary>
    public async Task<(Dictionary<string, List<int>> ByKey, int Copies)> ReadAsync(string broker, string topic, int count, CancellationToken cancellationToken)
    {
        var (byKey, copies, read) = (new Dictionary<string, List<int>>(StringComparer.Ordinal), 0, 0);
        var ranges = await RangesAsync(broker, topic, cancellationToken);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(TimeSpan.FromMinutes(1));
        await Task.WhenAll(ranges.Select(range => ReadAsync(range.Partition)));
        return (byKey, copies);

        async Task ReadAsync(int partition)
        {
            var origins = new Origins([]);
            try
            {
                await foreach (var batch in this[broker].ReadAsync(topic, partition, new StreamPosition.Beginning(), enough.Token))
                {
                    using (batch) Take(batch, origins);
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // All have come, or it takes too long.
            }
        }

        void Take(StreamBatch batch, Origins origins)
        {
            lock (byKey)
            {
                foreach (var record in batch.Records.ToArray())
                {
                    if (origins.IsCopy(record)) copies++;
                    else Numbers(Encoding.UTF8.GetString(record.Key.Span)).Add(BitConverter.ToInt32(record.Value.Span));
                }
                read = byKey.Values.Sum(numbers => numbers.Count);
                if (read >= count) enough.Cancel();
            }
        }

        List<int> Numbers(string key) => byKey.TryGetValue(key, out var numbers) ? numbers : byKey[key] = [];
    }

    private Task<IReadOnlyList<PartitionRange>> RangesAsync(string broker, string topic, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<PartitionRange>>(async () => await this[broker].RangesAsync(topic, cancellationToken), $"the ends of {topic}");

    private Task<IStreamProducer> OpenAsync(string broker, string topic, bool hasRecords, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        var ranges = await this[broker].RangesAsync(topic, cancellationToken);
        return hasRecords && ranges.Any(range => range.Next == 0) ? null : await this[broker].OpenProducerAsync(topic, cancellationToken);
    }, $"a producer on {broker}");

    // What was killed leaves connections behind that do not work any more, and a RabbitMQ that has just started does not know its queues for a moment.
    private static Task<T> AskAsync<T>(Func<Task<T?>> ask, string what) where T : class => Eventually.GetAsync(async () =>
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is StreamUnavailableException or UnknownTopicException)
        {
            return null;
        }
    }, what);

    public async ValueTask DisposeAsync()
    {
        _kafka.Dispose();
        await _rabbitMq.DisposeAsync();
        await _source.DisposeAsync();
    }
}
