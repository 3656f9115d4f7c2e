using System.Globalization;
using Conductor.Domain.Streams.Brokers;
using Conductor.Kafka.Connections;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using TopicSpecification = Conductor.Domain.Streams.Brokers.TopicSpecification;

namespace Conductor.Kafka.Topics;

/// <summary>Topics as the cluster has them.</summary>
internal sealed class TopicAdmin(ClusterAdmin cluster, KafkaStreamOptions options, TimeProvider time)
{
    // A change is in the cluster's log at once, and at each broker a little later.
    private static readonly TimeSpan Spreading = TimeSpan.FromMilliseconds(50);

    /// <summary>Partitions and id of a topic; null when there is none. Asking makes none, whatever the cluster does by itself.</summary>
    public async Task<TopicDescription?> DescribeAsync(string topic, CancellationToken cancellationToken) =>
        (await DescribeAsync([topic], cancellationToken)).SingleOrDefault();

    public async Task<TopicSpecification?> FindAsync(string topic, CancellationToken cancellationToken) =>
        await DescribeAsync(topic, cancellationToken) is { } found ? (await SpecificationsAsync([found], cancellationToken))[0] : null;

    public async Task<IReadOnlyList<TopicSpecification>> ListAsync(CancellationToken cancellationToken)
    {
        var metadata = await cluster.AskAsync(client => Task.FromResult(client.GetMetadata(options.Patience)), cancellationToken);
        var names = metadata.Topics.Select(t => t.Topic).Where(name => !name.StartsWith("__", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        return names.Count == 0 ? [] : await SpecificationsAsync(await DescribeAsync(names, cancellationToken), cancellationToken);
    }

    /// <exception cref="InvalidOperationException">The cluster forbids it.</exception>
    public async Task CreateAsync(TopicSpecification topic, CancellationToken cancellationToken)
    {
        try
        {
            await cluster.AskAsync(client => client.CreateTopicsAsync([TopicConfigs.Of(topic, options)]), cancellationToken);
        }
        catch (CreateTopicsException e) when (e.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
        {
            // Somebody else has just made it.
        }
        catch (CreateTopicsException e)
        {
            throw new InvalidOperationException($"topic '{topic.Name}': {e.Results[0].Error.Reason}", e);
        }
        await UntilAsync(topic.Name, found => found is not null, cancellationToken);
    }

    /// <exception cref="InvalidOperationException">The cluster forbids it.</exception>
    public async Task AddPartitionsAsync(string topic, int partitions, CancellationToken cancellationToken)
    {
        try
        {
            var wanted = new PartitionsSpecification { Topic = topic, IncreaseTo = partitions };
            await cluster.AskAsync(client => client.CreatePartitionsAsync([wanted]), cancellationToken);
        }
        catch (CreatePartitionsException e)
        {
            // Somebody else may have been faster.
            if (await DescribeAsync(topic, cancellationToken) is { Partitions.Count: var count } && count >= partitions) return;
            throw new InvalidOperationException($"topic '{topic}': {e.Results[0].Error.Reason}", e);
        }
        await UntilAsync(topic, found => found?.Partitions.Count >= partitions, cancellationToken);
    }

    public async Task DeleteAsync(string topic, CancellationToken cancellationToken)
    {
        try
        {
            await cluster.AskAsync(client => client.DeleteTopicsAsync([topic]), cancellationToken);
        }
        catch (DeleteTopicsException e) when (KafkaErrors.IsMissing(e.Results[0].Error))
        {
            return;
        }
        catch (DeleteTopicsException e)
        {
            throw new InvalidOperationException($"topic '{topic}': {e.Results[0].Error.Reason}", e);
        }
        await UntilAsync(topic, found => found is null, cancellationToken);
    }

    /// <summary>Largest message that a topic takes.</summary>
    public async Task<int> LargestMessageAsync(string topic, CancellationToken cancellationToken)
    {
        var configs = await ConfigsAsync([topic], cancellationToken);
        return int.Parse(configs[topic][TopicConfigs.LargestMessage].Value, CultureInfo.InvariantCulture);
    }

    private async Task<IReadOnlyList<TopicDescription>> DescribeAsync(IReadOnlyList<string> topics, CancellationToken cancellationToken)
    {
        List<TopicDescription> found;
        try
        {
            found = (await cluster.AskAsync(client => client.DescribeTopicsAsync(TopicCollection.OfTopicNames(topics)), cancellationToken))
                .TopicDescriptions;
        }
        catch (DescribeTopicsException e)
        {
            found = e.Results.TopicDescriptions;
        }
        if (found.Find(t => t.Error.IsError && !KafkaErrors.IsMissing(t.Error)) is { } failed) throw KafkaErrors.Unavailable(failed.Error);
        return [.. found.Where(t => !t.Error.IsError)];
    }

    private async Task<IReadOnlyList<TopicSpecification>> SpecificationsAsync(IReadOnlyList<TopicDescription> topics, CancellationToken cancellationToken)
    {
        var configs = await ConfigsAsync([.. topics.Select(t => t.Name)], cancellationToken);
        return [.. topics.Select(t => TopicConfigs.Read(t.Name, t.Partitions.Count, configs[t.Name]))];
    }

    private async Task<Dictionary<string, Dictionary<string, ConfigEntryResult>>> ConfigsAsync(
        IReadOnlyList<string> topics, CancellationToken cancellationToken)
    {
        try
        {
            var resources = topics.Select(t => new ConfigResource { Type = ResourceType.Topic, Name = t });
            var described = await cluster.AskAsync(client => client.DescribeConfigsAsync(resources), cancellationToken);
            return described.ToDictionary(d => d.ConfigResource.Name, d => d.Entries, StringComparer.Ordinal);
        }
        catch (DescribeConfigsException e)
        {
            // It was there when it was described a moment ago.
            throw KafkaErrors.Unavailable(e.Results.First(r => r.Error.IsError).Error, e);
        }
    }

    private async Task UntilAsync(string topic, Func<TopicDescription?, bool> isReached, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!isReached(await DescribeAsync(topic, cancellationToken)))
        {
            if (time.GetElapsedTime(started) > options.Patience) throw KafkaErrors.Unavailable($"a change of topic '{topic}' does not show");
            await Task.Delay(Spreading, time, cancellationToken);
        }
    }
}
