using System.Globalization;
using Conductor.Domain.Streams.Brokers;
using Conductor.RabbitMqStreams.Connections;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Conductor.RabbitMqStreams.Topics;

/// <summary>The queues of a topic: one stream queue per partition, named <c>topic.TOPIC.PARTITION</c>.</summary>
internal sealed class TopicQueues(BrokerConnection connection)
{
    private const long SmallestSegment = 1_000_000;
    private const long LargestSegment = 100_000_000;

    public static string NameOf(string topic, int partition) => string.Create(CultureInfo.InvariantCulture, $"topic.{topic}.{partition}");

    /// <summary>Declares the queues that are missing; those that are there keep the settings that they were made with.</summary>
    public async Task DeclareAsync(TopicSpecification topic, CancellationToken cancellationToken)
    {
        for (var first = 0; first < topic.Partitions;) first = await DeclareFromAsync(topic, first, cancellationToken);
    }

    public Task DeleteAsync(TopicSpecification topic, CancellationToken cancellationToken) => connection.UseAsync(async channel =>
    {
        for (var partition = 0; partition < topic.Partitions; partition++)
            await channel.QueueDeleteAsync(NameOf(topic.Name, partition), ifUnused: false, ifEmpty: false, cancellationToken: cancellationToken);
        return true;
    }, cancellationToken);

    /// <summary>
    /// Retention removes whole segments, and looks for them when a new one begins: so segments are small where little time or room is wanted, but
    /// never so many that listing them costs.
    /// </summary>
    internal static Dictionary<string, object?> ArgumentsOf(TopicSpecification topic)
    {
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = "stream" };
        var segment = long.MaxValue;
        if (topic.RetainFor is { } age)
        {
            arguments["x-max-age"] = string.Create(CultureInfo.InvariantCulture, $"{(long)Math.Ceiling(age.TotalSeconds)}s");
            segment = (long)(age.TotalSeconds * 5_000);
        }
        if (topic.RetainBytes is { } bytes)
        {
            arguments["x-max-length-bytes"] = bytes;
            // Segments of a fifth keep it near the wanted size.
            segment = Math.Min(segment, bytes / 5);
        }
        if (segment < long.MaxValue) arguments["x-stream-max-segment-size-bytes"] = Math.Clamp(segment, SmallestSegment, LargestSegment);
        return arguments;
    }

    // A question for a queue that is not there closes the channel: returns where to go on with another.
    private async Task<int> DeclareFromAsync(TopicSpecification topic, int first, CancellationToken cancellationToken)
    {
        var partition = first;
        try
        {
            await connection.UseAsync(async channel =>
            {
                for (; partition < topic.Partitions; partition++) await channel.QueueDeclarePassiveAsync(NameOf(topic.Name, partition), cancellationToken);
                return true;
            }, cancellationToken);
            return partition;
        }
        catch (StreamUnavailableException e) when (BrokerConnection.IsMissing(e))
        {
            await connection.UseAsync(channel => channel.QueueDeclareAsync(NameOf(topic.Name, partition), durable: true, exclusive: false,
                autoDelete: false, ArgumentsOf(topic), cancellationToken: cancellationToken), cancellationToken);
            return partition + 1;
        }
    }
}
