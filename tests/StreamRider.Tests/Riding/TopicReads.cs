using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;

namespace Conductor.StreamRider.Tests.Riding;

/// <summary>Topics as somebody without MassTransit sees them.</summary>
internal static class TopicReads
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Waits for so many records of a partition, and returns them with bytes of their own.</summary>
    public static async Task<IReadOnlyList<StreamRecord>> RecordsAsync(this IStreamBroker broker, string topic, int count, int partition = 0)
    {
        await Eventually.IsTrueAsync(async () => await broker.FindTopicAsync(topic, Cancel) is not null, $"there is a topic {topic}");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        var records = new List<StreamRecord>();
        await foreach (var batch in broker.ReadAsync(topic, partition, new StreamPosition.Beginning(), limit.Token))
        {
            using (batch)
            {
                foreach (var record in batch.Records.Span) records.Add(record with { Key = record.Key.ToArray(), Value = record.Value.ToArray() });
            }
            if (records.Count >= count) break;
        }
        return records;
    }

    public static async Task ProduceAsync(this IStreamBroker broker, string topic, params StreamRecord[] records)
    {
        await using var producer = await broker.OpenProducerAsync(topic, Cancel);
        await producer.ProduceAsync(records, Cancel);
        await producer.FlushAsync(Cancel);
    }

    public static async Task<long> LagAsync(this IStreamBroker broker, string topic, string group = "g") =>
        (await broker.PositionsAsync(topic, group, Cancel)).Sum(position => position.Lag);

    public static string? Header(this StreamRecord record, string name) =>
        record.Headers.Where(header => header.Name == name).Select(header => header.Text).SingleOrDefault();
}
