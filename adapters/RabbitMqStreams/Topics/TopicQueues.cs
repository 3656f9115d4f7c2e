using System.Globalization;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.RabbitMqStreams.Connections;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Conductor.RabbitMqStreams.Topics;

/// <summary>The queues of a topic: one stream queue per partition, named <c>topic.TOPIC.PARTITION</c>.</summary>
internal sealed class TopicQueues(BrokerConnection connection, ITopicStore topics)
{
    private const long SmallestSegment = 200_000;
    private const long LargestSegment = 100_000_000;

    public static string NameOf(string topic, int partition) => string.Create(CultureInfo.InvariantCulture, $"topic.{topic}.{partition}");

    /// <summary>Declares the queues that are missing; those that are there keep the settings that they were made with.</summary>
    public async Task DeclareAsync(TopicSpecification topic, CancellationToken cancellationToken)
    {
        for (var first = 0; await MissingAsync(topic, first, cancellationToken) is { } missing; first = missing + 1)
            await MakeAsync(topic, missing, cancellationToken);
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

    /// <summary>The first partition, from one on, whose queue is not there; null when there is none.</summary>
    private async Task<int?> MissingAsync(TopicSpecification topic, int first, CancellationToken cancellationToken)
    {
        var partition = first;
        try
        {
            await connection.UseAsync(async channel =>
            {
                for (; partition < topic.Partitions; partition++) await channel.QueueDeclarePassiveAsync(NameOf(topic.Name, partition), cancellationToken);
                return true;
            }, cancellationToken);
            return null;
        }
        catch (StreamUnavailableException e) when (BrokerConnection.IsMissing(e))
        {
            // The question has closed the channel.
            return partition;
        }
    }

    // Another process may make it at the same time: it is one generation for both.
    private async Task MakeAsync(TopicSpecification topic, int partition, CancellationToken cancellationToken)
    {
        var seen = await topics.GenerationOfAsync(topic.Name, partition, cancellationToken);
        if (await MissingAsync(topic with { Partitions = partition + 1 }, partition, cancellationToken) is null) return;
        await topics.BeginGenerationAsync(topic.Name, partition, seen, cancellationToken);
        await connection.UseAsync(channel => channel.QueueDeclareAsync(NameOf(topic.Name, partition), durable: true, exclusive: false,
            autoDelete: false, ArgumentsOf(topic), cancellationToken: cancellationToken), cancellationToken);
    }
}
