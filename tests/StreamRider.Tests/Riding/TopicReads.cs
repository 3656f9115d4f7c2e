using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;
using Conductor.StreamContract;

namespace Conductor.StreamRider.Tests.Riding;

/// <summary>Topics as somebody without MassTransit sees them.</summary>
internal static class TopicReads
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Waits for a topic, and for so many records of a partition.</summary>
    public static async Task<IReadOnlyList<StreamRecord>> ArrivedAsync(this IStreamBroker broker, string topic, int count, int partition = 0)
    {
        await Eventually.IsTrueAsync(async () => await broker.FindTopicAsync(topic, Cancel) is not null, $"there is a topic {topic}");
        return await broker.RecordsAsync(topic, count, partition, seconds: 60);
    }

    public static async Task<long> LagAsync(this IStreamBroker broker, string topic, string group = "g") =>
        (await broker.PositionsAsync(topic, group, Cancel)).Sum(position => position.Lag);

    public static string? Header(this StreamRecord record, string name) =>
        record.Headers.Where(header => header.Name == name).Select(header => header.Text).SingleOrDefault();
}
