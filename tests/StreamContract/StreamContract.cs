using System.Text;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Conductor.Testing;

namespace Conductor.StreamContract;

/// <summary>What an adapter brings along to be tested; the suite itself knows the ports only.</summary>
public interface IBrokerUnderTest
{
    /// <summary>How long a member that vanished keeps its partitions.</summary>
    TimeSpan Lease { get; }

    Task<IStreamBroker> GetAsync();
}

/// <summary>Short words for the steps of the suite.</summary>
public static class Steps
{
    /// <summary>The test's token, cancelled after half a minute at the latest.</summary>
    public static CancellationToken Soon(double seconds = 30)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.CancelAfter(TimeSpan.FromSeconds(seconds));
        return source.Token;
    }

    public static async Task<string> NewTopicAsync(this IStreamBroker broker, int partitions = 1)
    {
        var name = "t" + Guid.NewGuid().ToString("N");
        await broker.EnsureTopicAsync(new TopicSpecification(name, partitions), Soon());
        return name;
    }

    public static StreamRecord Record(string value, string key = "") => new() { Key = Encoding.UTF8.GetBytes(key), Value = Encoding.UTF8.GetBytes(value) };

    public static async Task ProduceAsync(this IStreamBroker broker, string topic, params StreamRecord[] records)
    {
        await using var producer = await broker.OpenProducerAsync(topic, Soon());
        await producer.ProduceAsync(records, Soon());
        await producer.FlushAsync(Soon());
    }

    /// <summary>Waits for so many records of a partition, from its beginning; they have bytes of their own, since the batches are given back.</summary>
    public static async Task<List<StreamRecord>> RecordsAsync(this IStreamBroker broker, string topic, int count, int partition = 0, double seconds = 30)
    {
        var records = new List<StreamRecord>();
        await foreach (var batch in broker.ReadAsync(topic, partition, new StreamPosition.Beginning(), Soon(seconds)))
        {
            using (batch) records.AddRange(batch.Records.ToArray().Select(r => r with { Key = r.Key.ToArray(), Value = r.Value.ToArray() }));
            if (records.Count >= count) break;
        }
        return records;
    }

    public static Task ProduceAsync(this IStreamBroker broker, string topic, IEnumerable<string> values) =>
        broker.ProduceAsync(topic, [.. values.Select(v => Record(v, v))]);

    public static string Text(this StreamRecord record) => Encoding.UTF8.GetString(record.Value.Span);

    /// <summary>Reads until so many records have come; their values, with offsets.</summary>
    public static async Task<List<(string Value, long Offset)>> TakeAsync(this IAsyncEnumerable<StreamBatch> batches, int count)
    {
        var taken = new List<(string, long)>();
        await foreach (var batch in batches.WithCancellation(Soon()))
        {
            using (batch)
            {
                foreach (var record in batch.Records.ToArray().Take(count - taken.Count)) taken.Add((record.Text(), record.Offset));
            }
            if (taken.Count >= count) break;
        }
        return taken;
    }

    public static Task<List<(string Value, long Offset)>> ReadAsync(this IStreamBroker broker, string topic, StreamPosition from, int count,
        int partition = 0) =>
        broker.ReadAsync(topic, partition, from, Soon()).TakeAsync(count);

    public static Task<IRecordSource> JoinAsync(this IStreamBroker broker, string topic, string group, string member, long run = 1) =>
        broker.SubscribeAsync(new Subscription { Topic = topic, Group = group, Member = member, Epoch = run }, Soon());

    /// <summary>Waits for a condition; a broker that is not ready to answer has not met it yet.</summary>
    public static Task UntilAsync(Func<Task<bool>> condition, string what) => Eventually.IsTrueAsync(async () =>
    {
        try
        {
            return await condition();
        }
        catch (StreamUnavailableException)
        {
            return false;
        }
    }, what);
}
